"""What became of the year's victims is what services and the nightly scan would have written."""

from datetime import timedelta

import pytest
from django.db.models import Count, Max, Q

from accounts.models import User
from core import policy
from core.trigger_rules import Trigger
from deadlines import kinds
from deadlines.models import Deadline
from demo.load import Loaded
from risk.deadlines import REASSESSMENT
from risk.models import Reassessment, ReassessmentReason
from risk.services.scans import scan
from risk.services.triggers.rules import due_and_basis
from tests.demo.a_year import AT, SAMPLE
from victims.models import Contact, PlanStep, SafetyPlan, Victim

pytestmark = pytest.mark.django_db


def test_a_closed_case_has_nothing_due(year: Loaded) -> None:
    closed = Victim.objects.filter(closed_at__isnull=False)
    assert closed.exists()
    assert not Deadline.objects.open().filter(victim__in=closed).exists()
    assert not closed.filter(Q(closed_at__gt=AT) | Q(closed_at__lt=AT - timedelta(days=800)))


def test_the_last_contact_is_the_newest_that_reached_them(year: Loaded) -> None:
    reached = Q(contacts__outcome=Contact.Outcome.REACHED)
    rows = Victim.objects.annotate(newest=Max("contacts__at", filter=reached))
    assert rows.filter(last_contact_at__isnull=False).exists()
    for victim in rows:
        assert victim.last_contact_at == victim.newest


def test_periodic_reviews_ran_by_the_rules(year: Loaded) -> None:
    rules = policy.at(AT)
    alone = Reassessment.objects.annotate(whys=Count("reasons")).filter(whys=1, state="done")
    reasons = ReassessmentReason.objects.filter(trigger="periodic", reassessment__in=alone)
    assert reasons.exists()
    for reason in reasons.select_related("reassessment").order_by("pk")[:SAMPLE]:
        again = reason.reassessment
        expected = due_and_basis(
            Trigger.PERIODIC,
            again.grade_when_opened,
            reason.happened_at,
            rules,
            heard_at=again.opened_at,
        )
        assert (reason.due_at, reason.basis) == expected
        clock = Deadline.objects.get(kind=REASSESSMENT, subject_id=again.pk)
        assert (clock.due_at, clock.basis, clock.settled_at) == (*expected, again.done_at)
        steps = kinds.get(REASSESSMENT).steps(clock.started_at, clock.due_at, rules)
        assert clock.step_times == steps
        assert clock.started_at == reason.happened_at < again.opened_at < clock.settled_at


def test_who_was_looked_at_last_is_on_record(year: Loaded) -> None:
    for again in Reassessment.objects.filter(state="done").order_by("victim", "-done_at"):
        assert again.victim.last_assessed_at >= again.done_at
        assert again.victim.closed_at is None


def test_high_risk_has_a_plan_with_steps(year: Loaded) -> None:
    graded = Victim.objects.filter(grade="high", grade_since__lt=AT - timedelta(days=3))
    # Whose grade was raised when it was looked at again lacks one, and the page says so.
    graded = graded.exclude(judgements__state="counts")
    assert graded.exists()
    plans = SafetyPlan.objects.current().filter(victim__in=graded)
    assert plans.count() == graded.count()
    dated = Deadline.objects.open().filter(kind="plan_step")
    waiting = PlanStep.objects.filter(
        plan__is_current=True, done_at__isnull=True, due_on__isnull=False
    )
    assert set(dated.values_list("subject_id", flat=True)) == set(
        waiting.values_list("pk", flat=True)
    )
    for plan in plans[:SAMPLE]:
        assert plan.steps.exists()
        assert plan.written_at <= AT


def test_the_nightly_scan_found_some_and_not_everybody(year: Loaded) -> None:
    found = Reassessment.objects.open().filter(reasons__trigger__in=["periodic", "gone_quiet"])
    open_cases = Victim.objects.open().exclude(grade="").count()
    assert 0 < found.distinct().count() < open_cases / 4
    again = scan(at=AT, actor=User.objects.system())
    assert again.quiet + again.to_review <= 3
