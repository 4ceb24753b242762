"""What must be done by when in this app."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from risk.models import Assessment, GradeJudgement, Reassessment, UnknownAnswer

ASSESSMENT = "assessment"
REVIEW = "review"
SUBJECT = "risk.assessment"
#: A supervisor agrees to a lower grade, or does not.
GRADE_AGREEMENT = "grade_agreement"
#: What was not known, or not asked, in one assessment is found out.
FIND_OUT = "find_out"
#: A victim's risk is looked at again; its terms come with each (risk.services.triggers).
REASSESSMENT = "reassessment"


def _assessment_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.assessment_hours)


def _review_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.review_hours)


def unfinished(assessment_ids: Sequence[int]) -> set[int]:
    """Of these, the assessments that are still to be submitted."""
    rows = Assessment.objects.unfinished().filter(pk__in=assessment_ids)
    return set(rows.values_list("pk", flat=True))


def unreviewed(assessment_ids: Sequence[int]) -> set[int]:
    """Of these, the assessments that wait for a supervisor."""
    rows = Assessment.objects.waiting_for_review().filter(pk__in=assessment_ids)
    return set(rows.values_list("pk", flat=True))


def _agreement_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.grade_agreement_hours)


def _find_out_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(days=policy.find_out_days)


def undecided(judgement_ids: Sequence[int]) -> set[int]:
    """Of these, the lower grades that wait for a supervisor."""
    rows = GradeJudgement.objects.waiting().filter(pk__in=judgement_ids)
    return set(rows.values_list("pk", flat=True))


def not_found_out(assessment_ids: Sequence[int]) -> set[int]:
    """Of these, the assessments of which something is still to be found out."""
    rows = UnknownAnswer.objects.open().filter(assessment__in=assessment_ids)
    return set(rows.values_list("assessment", flat=True))


def _ungiven(policy: ForcePolicy) -> Allowance:
    """Each reassessment brings its own terms: see risk.services.triggers."""
    return Allowance()


def to_reassess(reassessment_ids: Sequence[int]) -> set[int]:
    """Of these, the reassessments that are still to be done."""
    rows = Reassessment.objects.open().filter(pk__in=reassessment_ids)
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=ASSESSMENT,
        name="Risk assessment",
        subject_type=SUBJECT,
        url_name="risk:assess",
        allowance=_assessment_allowance,
        ladder=((OWNER,), (TEAM_SUPERVISOR,), (role(Role.CONTROL_INSPECTOR),)),
        source="force policy, before the end of duty",
        still_owed=unfinished,
        runs_from="arrival or return",
    )
)

register(
    Kind(
        code=REVIEW,
        name="Review of a risk assessment",
        subject_type=SUBJECT,
        url_name="risk:review",
        allowance=_review_allowance,
        ladder=(
            (OWNER, TEAM_SUPERVISOR),
            (role(Role.CONTROL_INSPECTOR),),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=unreviewed,
        runs_from="submission",
    )
)

register(
    Kind(
        code=GRADE_AGREEMENT,
        name="Agreement to a lower grade",
        subject_type="risk.gradejudgement",
        url_name="risk:agree",
        allowance=_agreement_allowance,
        ladder=(
            (OWNER, TEAM_SUPERVISOR),
            (role(Role.CONTROL_INSPECTOR),),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=undecided,
        runs_from="the judgement",
    )
)

register(
    Kind(
        code=FIND_OUT,
        name="Answers to find out",
        subject_type=SUBJECT,
        url_name="risk:unknowns",
        allowance=_find_out_allowance,
        ladder=((OWNER,), (TEAM_SUPERVISOR,), (role(Role.HEAD_OF_PUBLIC_PROTECTION),)),
        source="force policy",
        still_owed=not_found_out,
        runs_from="submission",
    )
)

register(
    Kind(
        code=REASSESSMENT,
        name="Reassessment of risk",
        subject_type="risk.reassessment",
        url_name="risk:reassess",
        allowance=_ungiven,
        ladder=(
            (OWNER, TEAM_SUPERVISOR),
            (role(Role.CONTROL_INSPECTOR),),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=to_reassess,
    )
)
