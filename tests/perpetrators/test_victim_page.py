"""What a victim's page says of whoever harmed them: let out, to be let out, and where they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from perpetrators.models import ExpectedRelease
from perpetrators.pages.let_out import let_out
from perpetrators.pages.whereabouts import complained_of, whereabouts
from perpetrators.services.releases import look_ahead
from perpetrators.victim_panels import where_now
from risk.models import Reassessment
from tests.factories.custody import AT, couple, custody_event, deliver, known_as, message
from tests.factories.incidents import in_call, incident
from tests.personas import person
from victims.models import Person, Victim, VictimUpdate

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CONDITIONS = [{"kind": "no_contact", "words": "not to speak to Siobhán"}]


@pytest.fixture
def both() -> tuple[Person, Victim]:
    return couple()


def page(victim: Victim, username: str = "officer") -> str:
    client = Client()
    client.force_login(person(username), backend="accounts.backends.RoleBackend")
    response = client.get(f"/victims/{victim.reference}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def tell(victim: Victim, **wanted: Any) -> None:
    VictimUpdate.objects.filter(victim=victim, state="owed", **wanted).update(
        state="told", settled_at=AT + HOUR, settled_by=person("investigator"), outcome="telephone"
    )


def test_let_out_on_bail_it_says_when_who_tells_and_until_when(both: tuple[Person, Victim]) -> None:
    _, victim = both
    custody_event("arrest", happened_at=AT - 5 * HOUR)
    custody_event("bail", bail_until=AT + 30 * DAY, conditions=CONDITIONS)
    shown = page(victim)
    assert "Darren Pike was released on bail on 23 Nov 2026 at 09:30." in shown
    assert "Not told yet:" in shown
    assert "Reassessment due" in shown
    assert "On bail until 23 Dec 2026 at 10:00" in shown
    assert "not to speak to Siobhán" in shown
    tell(victim)
    assert "Told by DC 0877 W. Lewis" in page(victim)


def test_reported_late_is_marked(both: tuple[Person, Victim]) -> None:
    custody_event("release", happened_at=AT - 2 * DAY)
    assert "reported late" in page(both[1])


def test_held_again_it_is_no_longer_news(both: tuple[Person, Victim]) -> None:
    _, victim = both
    custody_event("bail", happened_at=AT - 5 * HOUR)
    custody_event("arrest", custody_number="C/26/200", where="Fenwick")
    assert let_out(victim, AT) == []
    assert "In police custody, Fenwick" in page(victim)
    assert "Also on bail since" in page(victim)


def test_when_all_is_done_it_stays_a_week(both: tuple[Person, Victim]) -> None:
    _, victim = both
    custody_event("release")
    tell(victim)
    assert not let_out(victim, AT + 30 * DAY)[0].is_settled
    Reassessment.objects.update(
        state="done", outcome="kept", done_at=AT + HOUR, done_by=person("officer")
    )
    (one,) = let_out(victim, AT + 6 * DAY)
    assert one.is_settled
    assert let_out(victim, AT + 8 * DAY) == []


def test_a_release_to_come_is_told_before_and_missed_it_is_an_alarm(
    both: tuple[Person, Victim],
) -> None:
    _, victim = both
    custody_event("prison", where="HMP Whitmoor")
    custody_event("prison-release-planned", release_at=AT + 3 * DAY)
    (one,) = let_out(victim, AT)
    assert one.words == "Darren Pike is to be released on 26 Nov 2026 at 10:00."
    assert one.is_owed
    assert one.is_open
    tell(victim, about="release_ahead")
    assert "before release" in page(victim)
    look_ahead(at=AT + 4 * DAY)
    (one,) = let_out(victim, AT + 4 * DAY)
    assert one.is_overdue
    assert one.words.endswith("no release is recorded.")


def test_far_off_it_stands_only_where_they_are_now(both: tuple[Person, Victim]) -> None:
    _, victim = both
    custody_event("prison", where="HMP Whitmoor")
    custody_event("prison-release-planned", release_at=AT + 300 * DAY)
    assert let_out(victim, AT) == []
    assert "Release expected 19 Sep 2027 at 11:00" in page(victim)


def test_whoever_was_told_beforehand_and_is_owed_the_release_itself(
    both: tuple[Person, Victim],
) -> None:
    _, victim = both
    custody_event("prison")
    custody_event("prison-release-planned", release_at=AT + DAY)
    tell(victim, about="release_ahead")
    custody_event("prison-release", at=AT + DAY + HOUR, happened_at=AT + DAY)
    (one,) = let_out(victim, AT + DAY + HOUR)
    assert one.is_owed
    assert one.told_ahead is not None
    assert ExpectedRelease.objects.get().state == "done"


def test_no_further_action_is_news_only_where_it_let_somebody_out(
    both: tuple[Person, Victim],
) -> None:
    _, victim = both
    custody_event("under-investigation", happened_at=AT - 9 * HOUR)
    custody_event("no-further-action")
    (one,) = let_out(victim, AT)
    assert one.words.startswith("Darren Pike was released under investigation")
    custody_event("arrest", custody_number="C/26/300", happened_at=AT - 2 * HOUR)
    custody_event("no-further-action", custody_number="C/26/300", happened_at=AT - HOUR)
    (one,) = let_out(victim, AT)
    assert one.words == "Darren Pike was released without charge on 23 Nov 2026 at 09:00."


def harmed_by_kyle_too(victim: Victim) -> Person:
    """A second person complained of, whom the custody system knows as well."""
    row = incident(
        at=AT - 9 * DAY,
        people=(
            in_call("victim", person_id=victim.person_id),
            in_call("perpetrator", given_name="Kyle", family_name="Marsh"),
        ),
    )
    kyle = row.involvements.get(role="perpetrator").person
    known_as(kyle, "N/91/2")
    return kyle


def test_several_who_harmed_are_each_told_of(both: tuple[Person, Victim]) -> None:
    darren, victim = both
    kyle = harmed_by_kyle_too(victim)
    about_kyle: dict[str, Any] = {
        "person_number": "N/91/2",
        "given_name": "Kyle",
        "family_name": "Marsh",
    }
    custody_event("release", happened_at=AT - 3 * HOUR)
    deliver(message("bail", custody_number="C/26/400", **about_kyle))
    assert [where.person for where in whereabouts(complained_of(victim), AT)] == [kyle, darren]
    assert [one.words.split(" was ")[0] for one in let_out(victim, AT)] == [
        "Kyle Marsh",
        "Darren Pike",
    ]


def harm_ella_too(darren: Person) -> Victim:
    """Another victim of the same person."""
    row = incident(
        at=AT - 9 * DAY,
        people=(
            in_call("victim", given_name="Ella", family_name="Whitcombe"),
            in_call("perpetrator", person_id=darren.pk),
        ),
    )
    harmed = row.involvements.get(role="victim").victim
    assert harmed is not None
    return harmed


def test_an_adviser_learns_the_state_and_no_more(both: tuple[Person, Victim]) -> None:
    darren, victim = both
    assign_perm("victims.view_victim", person("idva"), victim)
    custody_event("remand", where="HMP Whitmoor")
    shown = page(victim, "idva")
    assert "Remanded in custody" in shown
    assert "Whitmoor" not in shown
    assert darren.reference not in shown


def test_conditions_that_may_name_somebody_else_are_not_for_advisers(
    both: tuple[Person, Victim],
) -> None:
    darren, victim = both

    def shows(username: str) -> bool:
        found = where_now(victim, person(username), AT)
        assert found is not None
        return bool(found["people"][0].shows_conditions)

    custody_event("bail", conditions=CONDITIONS)
    assert shows("idva")
    harm_ella_too(darren)
    assert not shows("idva")
    assert shows("officer")


def test_not_known_is_said(both: tuple[Person, Victim]) -> None:
    assert "Not known: no custody is on record" in page(both[1])


def test_what_the_parts_cost(both: tuple[Person, Victim], django_assert_num_queries: Any) -> None:
    _, victim = both
    custody_event("bail", conditions=CONDITIONS)
    with django_assert_num_queries(4):
        let_out(victim, AT)
    with django_assert_num_queries(3):
        whereabouts(complained_of(victim), AT)
