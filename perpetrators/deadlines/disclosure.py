"""The disclosure scheme in time: the first check, the whole, and the visit that tells."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, Terms, register, role
from perpetrators.models import DisclosureApplication

CHECK, WHOLE, VISIT = "disclosure_check", "disclosure", "disclosure_visit"
SUBJECT = "perpetrators.disclosureapplication"
SOURCE = "domestic violence disclosure scheme; force policy"

State = DisclosureApplication.State
LADDER = (
    (OWNER, TEAM_SUPERVISOR),
    (role(Role.MARU_MANAGER),),
    (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
)


def _check_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.disclosure_check_hours)


def _whole_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(days=policy.disclosure_days)


def _at_once(policy: ForcePolicy) -> Allowance:
    return Allowance()


def at_risk(policy: ForcePolicy) -> Terms:
    """The rule of the whole once the first check found an immediate risk."""
    return Terms(
        clock=Clock.ELAPSED,
        allowance=Allowance(hours=policy.disclosure_check_hours),
        runs_from="the first check, which found immediate risk",
        source=SOURCE,
    )


def unchecked(application_ids: Sequence[int]) -> set[int]:
    """Of these applications, those whose first check is to be made."""
    rows = DisclosureApplication.objects.filter(pk__in=application_ids, state=State.RECEIVED)
    return set(rows.values_list("pk", flat=True))


def unfinished(application_ids: Sequence[int]) -> set[int]:
    """Of these applications, those that are not at their end."""
    rows = DisclosureApplication.objects.open().filter(pk__in=application_ids)
    return set(rows.values_list("pk", flat=True))


def unvisited(application_ids: Sequence[int]) -> set[int]:
    """Of these applications, those of which somebody is still to be told."""
    rows = DisclosureApplication.objects.filter(pk__in=application_ids, state=State.DISCLOSE)
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=CHECK,
        name="First check for the disclosure scheme",
        subject_type=SUBJECT,
        url_name="perpetrators:disclosure",
        allowance=_check_allowance,
        ladder=LADDER,
        source=SOURCE,
        still_owed=unchecked,
        runs_from="the application",
    )
)

register(
    Kind(
        code=WHOLE,
        name="Disclosure application",
        subject_type=SUBJECT,
        url_name="perpetrators:disclosure",
        allowance=_whole_allowance,
        ladder=LADDER,
        source=SOURCE,
        still_owed=unfinished,
        runs_from="the application",
    )
)

register(
    Kind(
        code=VISIT,
        name="Disclosure visit",
        subject_type=SUBJECT,
        url_name="perpetrators:disclosure",
        allowance=_at_once,
        ladder=LADDER,
        source=SOURCE,
        still_owed=unvisited,
        # Whoever is in danger is told within the time of the whole, which an immediate risk cuts.
        clock=Clock.FIXED,
        runs_from="by the end of the application's time",
    )
)
