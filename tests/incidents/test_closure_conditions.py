"""What must be on record before closure: each condition alone, when asking and when signing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from incidents import closure_conditions
from incidents.models import Deployment, FirstResponse, Incident, IncidentLink, NonCrimeReview
from incidents.services import response
from incidents.services.closure import NotReady
from risk.models import Assessment
from tests.factories import closure as gate
from tests.factories.incidents import in_call
from tests.factories.incidents import incident as logged
from tests.factories.response import attended, sent
from tests.personas import person
from victims.models import Victim

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def words_of(row: Incident, at: datetime) -> list[str]:
    row.refresh_from_db()
    return [one.words for one in closure_conditions.missing_of(row, at)]


def test_nothing_is_missing_of_an_incident_that_was_done(at: datetime) -> None:
    assert words_of(gate.ready(at=at), at) == []


def test_everything_is_said_at_once_with_where_to_put_it_right(at: datetime) -> None:
    row = attended("officer", "officer_b", at=at)
    missing = closure_conditions.missing_of(row, at)
    assert [one.words for one in missing] == [
        "The first response is not recorded. PC 2210 T. Hale was there first.",
        "PC 3015 L. Moss is still on the way: they arrive, or are stood down with a reason.",
        "PC 2210 T. Hale began to assess the risk of Siobhán O'Neill and has not submitted it.",
    ]
    assessment = Assessment.objects.get(incident=row)
    assert missing[0].url == f"/incidents/{row.reference}/first-response/"
    assert missing[2].url == f"/assessments/{assessment.reference}/"
    with pytest.raises(NotReady) as refused:
        gate.requested(row, at=at)
    assert refused.value.missing == missing


def _nobody_sent(at: datetime) -> Incident:
    return logged(at=at, people=())


def _on_the_way(at: datetime) -> Incident:
    return sent("officer", at=at, people=())


def _owes_a_number(at: datetime) -> Incident:
    row = gate.ready(at=at)
    FirstResponse.objects.filter(incident=row).update(crimes_committed=["stalking", "harassment"])
    return row


def _no_reason(at: datetime) -> Incident:
    row = gate.ready(at=at)
    Incident.objects.filter(pk=row.pk).update(non_crime_reason="")
    return row


def _review_waits(at: datetime) -> Incident:
    row = gate.ready(at=at)
    victim = Victim.objects.get(involvements__incident=row)
    NonCrimeReview.objects.create(victim=victim, incident=row, opened_at=at, basis="3 in 12 months")
    return row


def _returned(at: datetime) -> Incident:
    row = gate.ready(at=at)
    Assessment.objects.filter(incident=row).update(state="returned")
    return row


def _begun(at: datetime) -> Incident:
    row = gate.ready(at=at)
    Assessment.objects.filter(incident=row).update(state="draft")
    return row


def _not_begun(at: datetime) -> Incident:
    row = logged(at=at)
    Incident.objects.filter(pk=row.pk).update(not_sent_reason="She came to the counter.")
    return row


BROKEN: list[tuple[Callable[[datetime], Incident], str]] = [
    (_nobody_sent, "Nobody was sent, and it is not said why."),
    (_on_the_way, "still on the way"),
    (_owes_a_number, "2 crimes are named in the first response without their numbers."),
    (_no_reason, "No crime is recorded, and it is not said why"),
    (_review_waits, "whether this repeated non-crime was a crime"),
    (_returned, "came back to PC 2210 T. Hale to be put right"),
    (_begun, "began to assess the risk of Siobhán O'Neill and has not submitted it"),
    (_not_begun, "The risk of Siobhán O'Neill is not assessed."),
]


@pytest.mark.parametrize(("broken", "words"), BROKEN)
def test_each_condition_refuses_the_request(
    at: datetime, broken: Callable[[datetime], Incident], words: str
) -> None:
    row = broken(at)
    (sentence,) = words_of(row, at)
    assert words in sentence
    there = Deployment.objects.filter(incident=row, arrived_at__isnull=False).exists()
    with pytest.raises(NotReady, match=words):
        gate.requested(row, at=at, by=person("officer" if there else "handler"))


@pytest.mark.parametrize(("broken", "words"), BROKEN[2:7])
def test_each_condition_is_asked_again_when_it_is_signed(
    at: datetime,
    broken: Callable[[datetime], Incident],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The record changes between asking and signing: the signature is refused, nothing closes."""
    row = broken(at)
    with monkeypatch.context() as patched:
        patched.setattr(closure_conditions, "_conditions", {})
        request = gate.requested(row, at=at, reason="Words only.")
    with pytest.raises(NotReady, match=words):
        gate.decided(request, "signed_off", at=at)
    row.refresh_from_db()
    request.refresh_from_db()
    assert (row.state, request.decision) == ("attended", "")
    gate.decided(request, "refused", at=at, words="See what is missing.")


def test_a_crime_answers_the_question_of_a_non_crime_review(at: datetime) -> None:
    row = _review_waits(at)
    response.record_crime(
        incident_id=row.pk, category="stalking", number="35/9/26", actor=person("officer"), at=at
    )
    assert words_of(row, at) == []


def test_an_officer_who_was_stood_down_is_not_on_the_way(at: datetime) -> None:
    row = _on_the_way(at)
    Deployment.objects.filter(incident=row).update(cleared_at=at, stood_down_reason="Not needed")
    assert words_of(row, at) == []


def test_an_assessment_after_a_linked_call_about_the_same_event_counts(at: datetime) -> None:
    first = gate.ready(at=at)
    victim = Victim.objects.get(involvements__incident=first)
    second = logged(at=at, people=(in_call("victim", person_id=victim.person_id, lives_here=True),))
    Incident.objects.filter(pk=second.pk).update(not_sent_reason="Officers are there already.")
    assert words_of(second, at) == ["The risk of Siobhán O'Neill is not assessed."]
    link = IncidentLink.objects.create(
        first=first, second=second, words="Same shouting", linked_by=person("handler"), linked_at=at
    )
    assert words_of(second, at) == []
    IncidentLink.objects.filter(pk=link.pk).update(
        ended_at=at, ended_reason="Another event", ended_by=person("handler")
    )
    assert words_of(second, at) == ["The risk of Siobhán O'Neill is not assessed."]


def test_somebody_elses_assessment_does_not_count(at: datetime) -> None:
    row = gate.ready(at=at)
    other = logged(at=at, people=(in_call("victim", given_name="Maria", family_name="Gomes"),))
    Incident.objects.filter(pk=other.pk).update(not_sent_reason="Counter.")
    IncidentLink.objects.create(
        first=row, second=other, words="Same", linked_by=person("handler"), linked_at=at
    )
    assert words_of(other, at) == ["The risk of Maria Gomes is not assessed."]
