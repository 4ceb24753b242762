"""The control room and the first response of the year: true to the services' own rules."""

from datetime import timedelta

import pytest
from django.db.models import Count, F, Max, Min, Q

from accounts.models import User
from core import policy
from deadlines import kinds
from deadlines.models import Deadline, Escalation, Notification
from deadlines.sweep import sweep
from demo.load import Loaded, load
from incidents import closing, closure_conditions, supervising
from incidents.closure_conditions import missing_of
from incidents.company import as_shown, company_of
from incidents.golden_hour import GOLDEN_HOUR
from incidents.models import (
    Closure,
    Deployment,
    Duty,
    Exhibit,
    FirstResponse,
    FurtherCall,
    Incident,
    IncidentLink,
    Involvement,
    NonCrimeReview,
    SupervisionCheck,
)
from incidents.models.exhibits import kept_in
from incidents.pages.mine import deployments_of, rows_for
from incidents.pages.resources import resources
from incidents.safety import MEASURES
from incidents.services.closure import decide_closure, request_closure
from incidents.services.crimes.non_crimes import counted_with, without_crime
from incidents.services.exhibits.checking import check_files
from incidents.services.response.findings import missing_words
from incidents.services.response.said import said_on_record
from tests.demo.a_year import AT, SAMPLE

pytestmark = pytest.mark.django_db


def named(username: str) -> User:
    return User.objects.get(username=username)


# --- Sending and arriving -------------------------------------------------------------------------


def test_every_incident_has_its_attendance(year: Loaded) -> None:
    """Met by the first arrival, running or over while nobody is there, cancelled if nobody goes."""
    rows = {row.subject_id: row for row in Deadline.objects.filter(kind="attendance")}
    there = Deployment.objects.filter(arrived_at__isnull=False).values_list("incident")
    arrivals = dict(there.annotate(first=Min("arrived_at")))
    incidents = Incident.objects.select_related("logged_by")
    assert len(rows) == incidents.count()
    states = set()
    for incident in incidents:
        row, first = rows[incident.pk], arrivals.get(incident.pk)
        assert incident.attend_by is not None
        assert row.due_at == incident.attend_by, incident.reference
        assert row.started_at == min(incident.logged_at, incident.attend_by)
        assert row.team == incident.logged_by.team
        if incident.not_sent_reason:
            assert row.state == "cancelled"
        elif first is None:
            assert row.state == ("breached" if row.due_at < AT else "running")
        else:
            assert row.settled_at == first
            assert row.state == ("met_late" if first > row.due_at else "met")
        states.add(row.state)
    assert states == {"met", "met_late", "running", "breached", "cancelled"}
    late = sum(row.state == "met_late" for row in rows.values())
    assert 0.02 < late / len(rows) < 0.2


def test_each_officer_sent_has_a_clock_for_the_arrival(year: Loaded) -> None:
    rows = {row.subject_id: row for row in Deadline.objects.filter(kind="arrival")}
    sent = Deployment.objects.filter(arrive_by__isnull=False).select_related("incident", "officer")
    assert sent.count() == len(rows) > 0
    for deployment in sent:
        row = rows[deployment.pk]
        assert row.due_at == deployment.arrive_by
        assert (row.owner, row.team_id) == (deployment.officer, deployment.officer.team_id)
        assert row.subject_reference == deployment.incident.reference
        assert row.is_open is (deployment.arrived_at is None)
    assert Deadline.objects.open().filter(kind="arrival").exists()


def test_the_time_to_arrive_is_the_incidents_own_unless_it_has_gone_by(year: Loaded) -> None:
    for row in Deployment.objects.select_related("incident")[:SAMPLE]:
        assert row.incident.attend_by is not None
        if row.incident.attend_by > row.sent_at:
            assert row.arrive_by == row.incident.attend_by
        else:
            assert row.arrive_by is None or row.arrive_by > row.sent_at


def test_nobody_is_at_two_places_and_who_has_written_it_down_is_free(year: Loaded) -> None:
    busy = Deployment.objects.filter(cleared_at__isnull=True)
    mine = Q(officer__username="officer")
    assert not busy.exclude(mine).values("officer").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert busy.filter(mine, arrived_at__isnull=True).exists()
    assert busy.filter(mine, arrived_at__isnull=False).exists()
    assert not busy.filter(incident__first_response__isnull=False).exists()
    assert not Deployment.objects.filter(cleared_at__gt=F("incident__closed_at")).exists()


def test_what_was_told_of_an_attendance_is_what_the_sweep_would_have_told(year: Loaded) -> None:
    row = Deadline.objects.filter(kind="attendance", state="breached").order_by("pk").first()
    assert row is not None
    fields = ("step", "name", "scheduled_at")
    before = list(row.escalations.order_by("step").values_list(*fields))
    told = set(
        Notification.objects.filter(deadline=row).values_list("user", "headline", "path", "level")
    )
    Notification.objects.filter(deadline=row).delete()
    row.escalations.all().delete()
    Deadline.objects.filter(pk=row.pk).update(
        steps_taken=0, state="running", look_at=row.step_times[0]
    )
    sweep(at=AT)
    assert before and list(row.escalations.order_by("step").values_list(*fields)) == before
    again = Notification.objects.filter(deadline=row).values_list(
        "user", "headline", "path", "level"
    )
    # A sweep that comes late tells only the last of the steps that it takes at once.
    assert set(again) <= told and again.exists()


def test_most_are_on_duty_and_one_area_has_nobody_to_send(year: Loaded) -> None:
    board = resources("", AT)
    available = {row.name: row.available for row in board.counts}
    assert available.pop("Saltfen") == 0
    assert all(number > 0 for number in available.values())
    duties = Duty.objects.filter(ended_at__isnull=True)
    assert 0.7 < duties.count() / User.objects.filter(groups__name="Response officer").count() <= 1
    assert 1 <= duties.exclude(unavailable_reason="").count() <= 4
    assert duties.filter(officer__username="officer", unit__isnull=False).exists()


# --- First response -------------------------------------------------------------------------------


def test_every_party_and_every_child_is_answered_for(year: Loaded) -> None:
    rows = FirstResponse.objects.select_related("incident").order_by("-pk")
    for response in [*rows.filter(counter_allegation="yes"), *rows[:SAMPLE]]:
        company = company_of(response.incident)
        said = said_on_record(response)
        assert [row["person"] for row in said["parties"]] == [
            party.reference for party in company.parties
        ]
        assert all(row["account"] for row in said["parties"])
        assert {row["person"] for row in said["children"]} == {
            row.person.reference for row in company.children
        }
        today = response.recorded_at.date()
        for row in response.children.select_related("person"):
            assert row.person is not None and row.words
            assert row.name == as_shown(row.person, today)
            assert row.was_seen or not row.was_spoken_to
        assert response.children_present == ("yes" if company.children else "no")


def test_answers_that_need_words_have_them(year: Loaded) -> None:
    for response in FirstResponse.objects.select_related("incident")[: 2 * SAMPLE]:
        crime = "yes" if response.crimes_committed else "no"
        answers = {
            **said_on_record(response),
            "crime_committed": crime,
            "crimes": response.crimes_committed,
            "non_crime_reason": response.incident.non_crime_reason,
        }
        assert missing_words(answers) == {}, response.incident.reference
        assert response.golden_hour == [c for c in GOLDEN_HOUR if c in response.golden_hour]
        assert response.safety_measures == [c for c in MEASURES if c in response.safety_measures]


def test_with_a_counter_allegation_both_stand_as_victim_and_as_perpetrator(year: Loaded) -> None:
    responses = FirstResponse.objects.filter(counter_allegation="yes").select_related("incident")
    assert responses.exists()
    for response in responses:
        roles = Involvement.objects.filter(incident=response.incident)
        harmed = set(roles.filter(role="victim").values_list("person", flat=True))
        accused = set(roles.filter(role="perpetrator").values_list("person", flat=True))
        assert len(harmed) == 2 and harmed == accused
        assert response.counter_reason and response.counter_view
        assert (response.counter_view == "one") is (response.counter_protect_id in harmed)
        assert response.incident.assessments.count() == 2
        assert not roles.filter(role="victim", victim__isnull=True).exists()


# --- Closing --------------------------------------------------------------------------------------


def test_every_closing_question_is_answered_with_the_words_it_wants(year: Loaded) -> None:
    for closure in Closure.objects.all():
        assert closing.missing(closure.answers) == {}
        assert set(closure.answers) == set(closing.BY_CODE)


def test_a_closure_says_what_the_record_says(year: Loaded) -> None:
    for closure in Closure.objects.select_related("incident").prefetch_related("incident__crimes"):
        is_crime = bool(closure.incident.crimes.all())
        assert closure.kind == ("crime" if is_crime else "non_crime")
        assert closure.non_crime_reason == closure.incident.non_crime_reason
        if closure.decision == "signed_off":
            assert closure.decided_at == closure.incident.closed_at
    closed = Incident.objects.filter(state="closed").count()
    assert Closure.objects.filter(decision="signed_off").count() == closed


def test_nothing_was_missing_when_closure_was_asked_for(year: Loaded) -> None:
    """What is closed, waits or was refused meets every condition of the gate."""
    closures = Closure.objects.select_related("incident").order_by("-pk")
    chosen = [*closures.exclude(decision="signed_off"), *closures[:SAMPLE]]
    for closure in chosen:
        assert missing_of(closure.incident, AT) == [], closure.incident.reference
        response = FirstResponse.objects.get(incident=closure.incident)
        assert response.recorded_at <= closure.requested_at
        submitted = closure.incident.assessments.aggregate(last=Max("submitted_at"))["last"]
        assert submitted <= closure.requested_at


def test_sign_off_is_mostly_in_time_and_some_wait(year: Loaded) -> None:
    clocks = Deadline.objects.filter(kind="closure_sign_off")
    assert clocks.count() == Closure.objects.count()
    states = dict(clocks.values_list("state").annotate(n=Count("pk")))
    assert states["met"] > 15 * states.get("met_late", 0)
    waiting = Closure.objects.waiting()
    assert waiting.count() >= 3
    assert clocks.filter(state="breached", subject_id__in=waiting.values("pk")).count() == 1
    assert Closure.objects.filter(decision="refused").exclude(incident__state="closed").count() == 2


def test_some_incidents_are_ready_to_be_asked_for(year: Loaded) -> None:
    rows = Incident.objects.filter(state="attended", closures__isnull=True)
    assert any(closure_conditions.missing_of(row, AT) == [] for row in rows)


def test_the_demo_officer_finds_the_refusal_and_what_a_supervisor_asks(year: Loaded) -> None:
    officer = named("officer")
    cards = rows_for(officer, list(deployments_of(officer)[:20]), AT)
    words = " ".join(step.words for card in cards for step in card.steps)
    assert "asks" in words
    refused = Closure.objects.get(incident=story(), decision="refused")
    assert refused.answered_by == officer and "Ella" in refused.words
    assert Notification.objects.filter(user=officer, headline__startswith="Closure refus").exists()


# --- Supervision and repetition -------------------------------------------------------------------


def test_the_newest_check_counts_and_every_check_is_whole(year: Loaded) -> None:
    newest = Incident.objects.annotate(newest=Max("supervision_checks__checked_at"))
    assert not newest.exclude(supervised_at=F("newest")).filter(newest__isnull=False).exists()
    assert not newest.filter(newest__isnull=True, supervised_at__isnull=False).exists()
    for check in SupervisionCheck.objects.select_related("incident")[: 2 * SAMPLE]:
        assert supervising.missing(check.answers) == {}
        assert check.words or supervising.NO not in check.answers.values()
        assert not check.incident.deployments.filter(officer=check.checked_by).exists()
    assert SupervisionCheck.objects.filter(outcome="action", asked_of__username="officer").exists()
    unchecked = Incident.objects.filter(state__in=["attended", "closed"], supervised_at=None)
    assert unchecked.filter(received_at__lt=AT - timedelta(days=15)).count() < 5
    assert unchecked.filter(received_at__gt=AT - timedelta(days=4)).exists()


def test_reviews_of_repeated_non_crimes_count_what_the_service_counts(year: Loaded) -> None:
    rules = policy.at(AT)
    reviews = NonCrimeReview.objects.select_related("victim", "incident")
    assert reviews.exclude(decision="").exists()
    for review in reviews.filter(decision=""):
        counted = counted_with(review.incident, review.victim, rules.repeat_months)
        assert review.incidents_counted == [row.reference for row in counted]
        assert review.basis.startswith(f"{len(counted)} incidents without a crime")
    for review in reviews:
        assert len(review.incidents_counted) >= rules.non_crime_repeats
        assert review.incidents_counted[-1] == review.incident.reference


def test_every_third_non_crime_opened_a_review(year: Loaded) -> None:
    rules = policy.at(AT)
    for incident in without_crime().order_by("-received_at")[:SAMPLE]:
        for row in incident.involvements.filter(role="victim").select_related("victim"):
            assert row.victim is not None
            counted = counted_with(incident, row.victim, rules.repeat_months)
            if len(counted) >= rules.non_crime_repeats:
                assert NonCrimeReview.objects.filter(victim=row.victim).exists(), row.victim


def test_some_reviews_wait_for_the_demo_supervisor_and_one_is_late(year: Loaded) -> None:
    own = Deadline.objects.open().filter(kind="non_crime_review", owner__username="supervisor")
    assert own.filter(team__supervisor__username="supervisor").count() == own.count() >= 3
    assert own.filter(state="breached").count() == 1


# --- Calls, the story, exhibits -------------------------------------------------------------------


def test_calls_tell_more_than_a_narrative(year: Loaded) -> None:
    rows = Incident.objects.all()
    assert rows.exclude(verbatim="").exists() and rows.exclude(background="").exists()
    assert rows.exclude(communication_needs="").exists()
    for source in ("agency", "patrol"):
        assert rows.filter(source=source).exists()
        assert not rows.filter(source=source, source_detail="").exists()
    assert rows.filter(call_dropped=True).exists()
    visit = rows.get(grade="appointment", state="open")
    assert visit.attend_by is not None and visit.attend_by > AT
    assert rows.exclude(not_sent_reason="").exists()
    nfa = Incident.objects.filter(crimes__outcome="no_further_action")
    assert nfa.exists() and not nfa.filter(crimes__outcome_words="", crimes__outcome=(
        "no_further_action")).exists()  # fmt: skip


def story() -> Incident:
    """Yesterday at Tanglewood Court."""
    return Incident.objects.get(
        involvements__person__family_name="O'Neill",
        involvements__person__given_name="Siobhán",
        narrative__contains="foot in the door",
    )


def test_the_neighbours_call_is_linked_and_the_next_is_news(year: Loaded) -> None:
    link = IncidentLink.objects.get(ended_at=None)
    assert story() in (link.first, link.second)
    assert FurtherCall.objects.filter(incident=story(), caller_is="neighbour").count() == 1
    assert story().state == "attended"


def test_the_storys_refused_closure_can_be_asked_again_and_accepted(year: Loaded) -> None:
    incident, officer = story(), named("officer")
    answers = {
        question.code: {"answer": "yes", "words": "Seen at school, alone."}
        for question in closing.QUESTIONS
    }
    closure = request_closure(
        incident_id=incident.pk,
        actor=officer,
        answers=answers,  # type: ignore[arg-type]
        at=AT,
    )
    decide_closure(
        incident_id=incident.pk,
        closure_id=closure.pk,
        actor=named("inspector"),
        decision="signed_off",
        at=AT + timedelta(minutes=5),
    )
    incident.refresh_from_db()
    assert incident.state == "closed"


def test_exhibits_are_real_files_and_go_with_the_year(year: Loaded) -> None:
    rows = Exhibit.objects.order_by("pk")
    assert set(rows.values_list("content_type", flat=True)) == {"image/jpeg", "application/pdf"}
    assert set(rows.values_list("kind", flat=True)) >= {"injury", "scene", "document"}
    assert check_files().missing == check_files().changed == []
    before = [str(row.file.name) for row in rows]
    assert rows.filter(incident=story(), uploaded_by=named("officer")).count() == 3
    load(incidents=60, seed=8, at=AT, replace=True)
    assert not any(kept_in().exists(name) for name in before)
    assert Exhibit.objects.count() == len(before)


def test_the_kinds_of_the_year_are_all_there_are_in_this_app(year: Loaded) -> None:
    own = {kind.code for kind in kinds.everything() if kind.subject_type.startswith("incidents.")}
    assert own == set(
        Deadline.objects.filter(subject_type__startswith="incidents.").values_list(
            "kind", flat=True
        )
    )
    assert Escalation.objects.filter(deadline__kind="attendance").exists()
