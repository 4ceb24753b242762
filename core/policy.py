"""Force policy: every number that a force may change, typed, effective-dated and audited.

Code reads `policy.at(instant)`; the defaults below are the ones of the design, with their sources.
A change is a new `PolicyVersion`, never an edit; it takes effect from its own instant on.
"""

from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import events
from core.errors import InvalidInput
from core.models import PolicyVersion
from core.prepared import Statement
from core.trigger_rules import DEFAULT_RULES, TriggerRule
from core.trigger_rules import typed as typed_rules
from core.working_time import Calendar

if TYPE_CHECKING:
    from accounts.models import User

#: The policies that hold dates rather than numbers.
DATES = frozenset(
    {
        "extra_closed_days",
        "extra_open_days",
        "bank_holidays_added",
        "bank_holidays_removed",
        "school_breaks",
    }
)

#: For what a referral's clock may be paused at all; a force allows some of them.
PAUSE_REASONS = frozenset({"other_force", "partner", "in_hospital", "abroad"})


@dataclass(frozen=True)
class ForcePolicy:
    """The numbers in force at one instant. Hours and minutes are elapsed time."""

    # Calls: minutes to arrival for each grade (inspection report: the force's own targets).
    immediate_minutes_urban: int = 15
    immediate_minutes_rural: int = 20
    priority_minutes: int = 60
    routine_hours: int = 24

    # A repeat, for the police: an earlier domestic incident of either party within so many months.
    repeat_months: int = 12
    # Three incidents in that time are an escalation (MARAC criterion, common practice).
    escalation_incidents: int = 3
    # A serial perpetrator has two or more unconnected victims within so many years.
    serial_years: int = 3
    serial_victims: int = 2
    # What is done to stop them is planned within so many hours.
    management_plan_hours: int = 72

    # A call about an incident of the last so many hours is offered as news of it.
    same_event_hours: int = 24
    # So many incidents without a crime in the repeat period open a supervisor's review
    # (inspection report, recommendation 15).
    non_crime_repeats: int = 3

    # A tour of duty, where nobody says otherwise.
    duty_hours: int = 10
    # The largest photograph or document, in megabytes.
    exhibit_megabytes: int = 20
    # A notice to staff is read and its test passed within so many days.
    learning_days: int = 14

    # Assessments. The narrower rule is the one the inspectors criticised.
    assess_every_incident: bool = True
    medium_from_yes: int = 10
    high_from_yes: int = 14

    # Deadlines, in hours.
    assessment_hours: int = 8
    review_hours: int = 24
    closure_hours: int = 4
    non_crime_review_hours: int = 24
    crime_recorded_hours: int = 24
    referral_hours: int = 72

    # Reassessment: what makes a risk uncertain again, for each grade (core.trigger_rules).
    trigger_rules: tuple[TriggerRule, ...] = DEFAULT_RULES
    # The periodic review is raised so many days before it is due.
    review_raised_days: int = 7
    # Gone quiet: so many incidents in the repeat period, then so many days without contact.
    quiet_incidents: int = 3
    quiet_days: int = 90
    # A planned release or a court date is raised so many days ahead.
    raised_days_ahead: int = 14
    # Reminders before a planned release, in hours: a week, a day and an hour.
    release_reminder_hours: tuple[int, ...] = (168, 24, 1)
    # An expected release that nobody recorded raises the alarm after so many minutes.
    release_alarm_minutes: int = 60
    # An event that reaches us more than so many minutes after it happened was reported late.
    late_minutes: int = 60

    # Victims are told within so many working days (Victims' Code, enhanced rights).
    update_working_days: int = 1
    # So many attempts before an update may end as "not reached".
    update_attempts: int = 3
    # Attempts count that lie at least so many hours apart: three within minutes are one try.
    attempt_hours_apart: int = 4
    # A handover is answered within so many hours.
    handover_hours: int = 24
    # A safety plan is looked at again within so many hours of a change of risk.
    plan_review_hours: int = 24
    # A marker is looked at so many days before its last.
    marker_review_days: int = 14
    # What was not known or not asked is found out within so many days.
    find_out_days: int = 7
    # A supervisor agrees to a lower grade, or does not, within so many hours.
    grade_agreement_hours: int = 24

    # Protection notice: court within so many counted hours of service (Domestic Abuse Act 2021,
    # section 29); an order lasts so many days; the recipient is so old.
    notice_court_hours: int = 48
    # A superintendent decides on a notice that is asked for within so many hours.
    notice_decision_hours: int = 4
    order_shortest_days: int = 14
    order_longest_days: int = 28
    notice_youngest: int = 18
    # Disclosure scheme: first check, and the whole.
    disclosure_check_hours: int = 24
    disclosure_days: int = 28
    # Police bail: at first, with an inspector, with a superintendent, in months.
    bail_months: tuple[int, ...] = (3, 6, 9)
    # What comes after bail is decided so many days before it ends.
    bail_decided_days: int = 7

    # Referrals: the reasons for which the clock may stand still (PAUSE_REASONS).
    pause_reasons: tuple[str, ...] = ("other_force", "partner", "in_hospital")
    # A colleague gives a second opinion within so many hours.
    opinion_hours: int = 8
    # An agency keeps what was shared for so many months, where nobody says otherwise.
    sharing_months: int = 12
    # Children's services answer a referral within so many working days.
    children_answer_days: int = 1
    # A school is told of children of these ages (Operation Encompass).
    school_youngest: int = 4
    school_oldest: int = 17
    # A message to an agency's system is given up after so many attempts.
    webhook_attempts: int = 8

    # IDVA service: it answers a referral, and makes its first contact, in so many working days;
    # so many attempts; the risk is reviewed between so many weeks; clients to an adviser.
    idva_answer_working_days: int = 1
    idva_contact_working_days: int = 2
    idva_contact_attempts: int = 3
    idva_review_from_weeks: int = 6
    idva_review_by_weeks: int = 8
    idva_clients: int = 30

    # Conferences (MARAC). A case that is proposed is answered within so many working days.
    marac_decide_days: int = 2
    # A repeat: heard within so many months before, the same victim and perpetrator.
    marac_repeat_months: int = 12
    # The agenda is out so many working days before a monthly meeting, and before a weekly call;
    # what is listed later is late.
    marac_agenda_days: int = 5
    marac_weekly_agenda_days: int = 1
    # Research is returned so many working days before the meeting.
    marac_research_days: int = 2
    # Minutes are out so many working days after it.
    marac_minutes_days: int = 3
    # The victim's wishes are reported so many working days before, and they are told what was
    # decided within so many after.
    marac_wishes_days: int = 1
    marac_told_days: int = 1
    # A flag stands for so many months; the agenda shows it so many days before its end.
    marac_flag_months: int = 12
    marac_flag_shown_days: int = 35
    # A case that moves is handed over within so many working days.
    marac_transfer_days: int = 5
    # Meetings are planned so many weeks ahead.
    marac_planned_weeks: int = 13
    # Cases a year per 10,000 adult women (SafeLives' recommendation).
    marac_recommended_rate: int = 40

    # A record opened in an emergency closes again after so many hours.
    break_glass_hours: int = 4
    # Whoever was told of it says whether it was right within so many hours.
    break_glass_review_hours: int = 24

    # Victims are asked what they thought of the service so many days after the end; their link
    # holds for so many days; results of fewer than so many answers are not shown.
    survey_days: int = 14
    survey_link_days: int = 28
    survey_fewest: int = 5

    # The daily digest is made at this hour of the local day and acknowledged within so many hours.
    digest_hour: int = 7
    digest_answer_hours: int = 24

    # Warnings at these parts of the allowance, in per cent; then at due; then each step up.
    warn_percent: tuple[int, ...] = (50, 80)
    # Hours after due at which the next person on the ladder is told.
    ladder_hours: tuple[int, ...] = (4, 24)

    # The local calendar, as ISO dates.
    extra_closed_days: tuple[str, ...] = ()
    extra_open_days: tuple[str, ...] = ()
    #: One-off bank holidays by proclamation; unlike closed days they stop the court's clock too.
    bank_holidays_added: tuple[str, ...] = ()
    bank_holidays_removed: tuple[str, ...] = ()
    #: Breaks in which schools are closed, as "2026-10-26/2026-10-30", first and last day.
    school_breaks: tuple[str, ...] = ()

    @property
    def calendar(self) -> Calendar:
        """The force's own closed and open days, for working time."""
        return Calendar(
            extra_closed=frozenset(map(date.fromisoformat, self.extra_closed_days)),
            extra_open=frozenset(map(date.fromisoformat, self.extra_open_days)),
            bank_holidays_added=frozenset(map(date.fromisoformat, self.bank_holidays_added)),
            bank_holidays_removed=frozenset(map(date.fromisoformat, self.bank_holidays_removed)),
            school_breaks=tuple(map(_span, self.school_breaks)),
        )


@dataclass(frozen=True)
class PolicyChanged:
    """Force policy is changed.

    `before` and `after` hold only what differs.
    """

    actor: Any
    at: datetime
    effective_from: datetime
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


#: Every call, sweep and page asks this.
_IN_FORCE = Statement(
    "core_policy_in_force",
    """
    SELECT values::json FROM core_policyversion WHERE effective_from <= %(instant)s
    ORDER BY effective_from DESC, id DESC LIMIT 1
    """,
    {"instant": "timestamptz"},
)


def at(instant: datetime) -> ForcePolicy:
    """The policy in force at an instant (defaults where no version says otherwise). One query."""
    rows = _IN_FORCE.rows({"instant": instant})
    return typed(rows[0][0] if rows else {})


def typed(values: dict[str, Any]) -> ForcePolicy:
    """Turn stored values into a policy. Raises InvalidInput naming the first bad one."""
    known = {field.name: field for field in fields(ForcePolicy)}
    checked: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise InvalidInput(f"There is no policy called {name}.", field=name)
        checked[name] = _checked(name, value, known[name].default)
    return replace(ForcePolicy(), **checked)


def _checked(name: str, value: Any, default: Any) -> Any:
    if name == "trigger_rules":
        return typed_rules(value)
    if isinstance(default, tuple):
        value = tuple(value) if isinstance(value, list | tuple) else (value,)
        if name in DATES:
            _check_dates(name, value)
        elif name == "pause_reasons":
            if not PAUSE_REASONS.issuperset(value):
                raise InvalidInput(f"Choose from: {', '.join(sorted(PAUSE_REASONS))}.", field=name)
        elif any(type(part) is not int or part <= 0 for part in value):
            raise InvalidInput("Give whole numbers above nought.", field=name)
        return value
    if type(value) is not type(default):
        raise InvalidInput(f"This must be of the kind {type(default).__name__}.", field=name)
    if isinstance(default, int) and not isinstance(default, bool) and not 0 < value <= 10_000:
        raise InvalidInput("Give a whole number above nought, at most 10,000.", field=name)
    return value


def _check_dates(name: str, value: tuple[Any, ...]) -> None:
    try:
        for part in value:
            if name == "school_breaks":
                _span(part)
            else:
                date.fromisoformat(part)
    except (AttributeError, TypeError, ValueError) as error:
        example = "2026-10-26/2026-10-30" if name == "school_breaks" else "2026-12-24"
        raise InvalidInput(f"Give dates as {example}.", field=name) from error


def _span(words: str) -> tuple[date, date]:
    """First and last day of a break written as two dates with a stroke between."""
    first, last = map(date.fromisoformat, words.split("/"))
    if last < first:
        raise ValueError("A break ends after it began.")
    return first, last


@transaction.atomic
def change(
    *, actor: "User", changes: dict[str, Any], effective_from: datetime, reason: str, at: datetime
) -> PolicyVersion:
    """Record a new version from `effective_from` on. Past versions stay as they were.

    Raises PermissionDenied without the permission `core.change_policy`, InvalidInput for an
    unknown name, a value of the wrong kind, an instant in the past or no reason.
    """
    if not actor.has_perm("core.change_policy"):
        raise PermissionDenied("Only those who keep the force policy may change it.")
    if effective_from < at:
        raise InvalidInput("A policy cannot change the past.", field="effective_from")
    if not reason.strip():
        raise InvalidInput("Say why the policy changes.", field="reason")
    current = (
        PolicyVersion.objects.select_for_update()
        .filter(effective_from__lte=effective_from)
        .order_by("-effective_from", "-pk")
        .first()
    )
    values = {**(current.values if current else {}), **changes}
    old, new = asdict(typed(current.values if current else {})), asdict(typed(values))
    version = PolicyVersion.objects.create(
        effective_from=effective_from, values=values, author=actor, reason=reason, recorded_at=at
    )
    events.announce(
        PolicyChanged(
            actor=actor,
            at=at,
            effective_from=effective_from,
            before={name: old[name] for name in new if old[name] != new[name]},
            after={name: new[name] for name in new if old[name] != new[name]},
            reason=reason,
        )
    )
    return version
