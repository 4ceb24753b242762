"""The timeline: the victim's own, their incidents', nobody else's."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit import services as audit
from tests.factories import incidents as calls
from tests.factories import victims as make
from tests.personas import person
from victims import timeline
from victims.models import Victim


def lines(victim: Victim) -> list[timeline.Entry]:
    return [
        timeline.entry(event, of=victim) for event in timeline.events_of(victim, person("officer"))
    ]


def note(victim: Victim | None, incident_id: int | None, headline: str, actor: User) -> None:
    audit.record(
        actor=actor,
        at=make.AT,
        verb="test.noted",
        headline=headline,
        subject="DA-2026-000001",
        victim_id=victim.pk if victim else None,
        incident_id=incident_id,
    )


def test_incidents_of_the_victim_belong_to_it(people: Callable[[str], User]) -> None:
    incident = calls.incident()
    victim = Victim.objects.get()
    other = make.victim(given_name="Amina", family_name="Khan")
    note(None, incident.pk, "Officers sent to her", people("handler"))
    note(other, incident.pk, "About the other victim", people("handler"))
    note(None, incident.pk + 1, "Another incident", people("handler"))
    hers, others = ({line.what for line in lines(who)} for who in (victim, other))
    assert "Officers sent to her" in hers
    assert "About the other victim" not in hers
    assert "Another incident" not in hers | others
    assert "About the other victim" in others
    assert "Officers sent to her" not in others


def test_an_incident_leads_to_its_page_and_the_victim_s_own_reference_is_not_repeated(
    people: Callable[[str], User],
) -> None:
    incident = calls.incident()
    logged = next(line for line in lines(Victim.objects.get()) if "Call logged" in line.what)
    assert logged.reference == incident.reference
    assert logged.url == reverse("incidents:detail", args=[incident.reference])
    opened = next(line for line in lines(Victim.objects.get()) if "opened" in line.what)
    assert (opened.reference, opened.url) == ("", "")


def test_long_words_are_cut_and_clocks_are_quiet(
    people: Callable[[str], User], sign_in: Callable[[str], Client]
) -> None:
    victim = make.victim()
    audit.record(
        actor=people("officer"),
        at=make.AT,
        verb="deadline.started",
        headline="Review due",
        subject="RA-2026-000001",
        victim_id=victim.pk,
        detail={"reason": "x" * 5_000},
    )
    entry = next(line for line in lines(victim) if line.what == "Review due")
    assert (len(entry.detail), entry.tone) == (201, "q0")
    client = sign_in("worker")
    glance = client.get(reverse("victims:detail", args=[victim.reference])).content.decode()
    whole = client.get(reverse("victims:timeline", args=[victim.reference])).content.decode()
    assert "Review due" not in glance
    assert "Review due" in whole
