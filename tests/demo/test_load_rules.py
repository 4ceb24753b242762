"""A small year is true to the rules of the services that would have made it."""

from itertools import pairwise

import pytest
from django.db.models import Q

from core import policy
from core.working_time import Clock
from deadlines import kinds
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from demo.load import Loaded
from incidents import grading
from incidents.history.look_up import earlier_of
from incidents.models import Incident, Involvement
from risk import due, grades
from risk.instruments import questionnaire
from risk.models import Assessment, GradeChange
from tests.demo.a_year import AT, SAMPLE
from victims import addresses, names
from victims.models import Address, Marker, PersonName, Victim

#: Each test runs in a transaction of its own inside that of the year.
pytestmark = pytest.mark.django_db


def test_people_are_of_an_age_for_their_part(year: Loaded) -> None:
    """Nobody is born after the call; adults are of age, children are not."""
    ages: dict[str, list[float]] = {}
    parts = Involvement.objects.filter(person__date_of_birth__isnull=False).select_related("person")
    for part in parts:
        assert part.person.date_of_birth is not None
        lived = part.received_at.date() - part.person.date_of_birth
        ages.setdefault(part.role, []).append(lived.days / 365.2425)
    assert min(ages["victim"]) >= 15 and max(ages["victim"]) < 90
    assert min(ages["perpetrator"]) >= 15 and max(ages["perpetrator"]) < 90
    assert min(ages["child"]) >= 0 and max(ages["child"]) < 18


def test_assessments_suggest_what_the_rules_suggest(year: Loaded) -> None:
    rules = policy.at(AT)
    for row in Assessment.objects.exclude(state="draft").select_related("incident", "instrument")[
        :SAMPLE
    ]:
        escalates = due.escalates(row.incident, row.victim_id, rules)
        suggestion = grades.suggest(questionnaire(row.instrument), row.answers, escalates, rules)
        assert row.yes_count == suggestion.yes_count
        assert (row.suggested_grade, row.suggested_reasons) == (
            suggestion.grade,
            list(suggestion.reasons),
        ), row.reference


def test_the_reason_for_an_assessment_is_the_rules_own(year: Loaded) -> None:
    rules = policy.at(AT)
    # Roles that a counter-allegation added came after the reason was given.
    rows = Assessment.objects.filter(incident__crimes__isnull=True).exclude(
        incident__first_response__counter_allegation="yes", victim__involvements__recognised_by=""
    )
    for row in rows.select_related("incident", "victim")[:SAMPLE]:
        assert row.due_because == due.due_because(row.incident, row.victim, rules), row.reference


def test_responses_are_graded_as_the_control_room_would(year: Loaded) -> None:
    rules = policy.at(AT)
    marked = Marker.objects.filter(words__contains="conference").values("address")
    rows = Incident.objects.exclude(address__in=marked).filter(earlier_in_year=0)
    for row in rows.order_by("received_at")[:SAMPLE]:
        suggestion = grading.suggest(
            row.answers, grading.HistoryFacts(), rules, call_dropped=row.call_dropped
        )
        assert row.suggested_grade == suggestion.grade, row.reference
        assert row.suggested_reasons == list(suggestion.reasons), row.reference
        assert row.officers_advised == suggestion.officers


def test_repeats_are_counted_as_the_look_up_counts_them(year: Loaded) -> None:
    for row in Incident.objects.order_by("-earlier_in_year", "-received_at")[:SAMPLE]:
        parties = row.involvements.filter(role__in=["victim", "perpetrator"])
        people_ids = list(parties.values_list("person", flat=True))
        assert row.earlier_in_year == earlier_of(
            person_ids=people_ids, months=12, before=row.received_at
        ), row.reference


def test_keys_are_those_of_real_rows(year: Loaded) -> None:
    for name in PersonName.objects.all()[:SAMPLE]:
        assert name.family_key in (names.family_keys(name.family_name) or ("",))
        assert name.given_key == names.given_key(name.given_name)
    for address in Address.objects.all()[:SAMPLE]:
        assert address.key == addresses.key(address.line, address.postcode)
        assert address.building_key == addresses.building_key(address.line, address.postcode)


def test_a_name_of_two_surnames_has_the_rows_that_a_call_would_write(year: Loaded) -> None:
    rows = PersonName.objects.filter(family_name__contains="-").order_by("pk")
    of_one: dict[tuple[int, str, str], list[str]] = {}
    for row in rows:
        spelt = (row.person_id, row.given_name, row.family_name)
        of_one.setdefault(spelt, []).append(row.family_key)
    assert of_one
    for (_, _, family), keys in of_one.items():
        assert keys == list(names.family_keys(family)), family


def test_deadlines_are_those_that_the_engine_would_start(year: Loaded) -> None:
    rules = policy.at(AT)
    # Those of the services that are played afterwards have terms of their own: test_lives.
    made = ("risk.assessment", "referrals.referral", "incidents.", "learning.")
    ours = Q()
    for subject in made:
        ours |= Q(subject_type__startswith=subject)
    rows = Deadline.objects.filter(ours).exclude(kind="find_out").order_by("due_at")
    for row in rows[:: max(1, rows.count() // SAMPLE)]:
        kind = kinds.get(row.kind)
        # On the fixed clock the instant is the due time itself, whenever the clock was started.
        instant = row.due_at if kind.clock is Clock.FIXED else row.started_at
        assert row.due_at == kind.due(instant, rules)
        assert row.basis == kind.basis(instant, rules)
        assert row.step_times == kind.steps(row.started_at, row.due_at, rules)
        if row.is_open:
            ahead = [at for at in row.step_times if at >= AT]
            assert row.look_at == (ahead[0] if ahead else None)


def test_what_was_told_is_what_the_sweep_would_have_told(year: Loaded) -> None:
    """An open deadline past its steps is made new; the sweep must write the same steps again."""
    row = Deadline.objects.filter(kind="referral", state="breached").order_by("pk").first()
    assert row is not None
    last = row.escalations.order_by("step").last()
    assert last is not None
    fields = ("step", "name", "scheduled_at")
    before = list(row.escalations.order_by("step").values_list(*fields))
    told = set(Notification.objects.filter(escalation=last).values_list("user", "headline", "path"))
    Notification.objects.filter(deadline=row).delete()
    row.escalations.all().delete()
    Deadline.objects.filter(pk=row.pk).update(
        steps_taken=0, state="running", look_at=row.step_times[0]
    )
    sweep(at=AT)
    assert list(row.escalations.order_by("step").values_list(*fields)) == before
    again = Notification.objects.filter(
        escalation__deadline=row, escalation__step=last.step
    ).values_list("user", "headline", "path")
    assert told and told == set(again)


def test_grades_follow_one_another(year: Loaded) -> None:
    for victim in Victim.objects.exclude(grade="")[:SAMPLE]:
        changes = list(GradeChange.objects.filter(victim=victim).order_by("pk"))
        assert changes[0].before == ""
        for before, after in pairwise(changes):
            assert after.before == before.after
        assert changes[-1].after == victim.grade
        assert changes[-1].reason == victim.grade_reason
