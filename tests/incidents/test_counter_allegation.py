"""A counter-allegation: both roles for both, two records apart, and who sees whose side."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import AuditEvent
from core import clock, events
from core.errors import DomainError, InvalidInput
from incidents.company import company_of
from incidents.counter_aid import Aid, aid_for
from incidents.events import CounterAllegationRecorded
from incidents.models import FirstResponse, Incident, Involvement
from incidents.services import response
from risk.models import Assessment
from tests.factories.incidents import in_call, incident
from tests.factories.response import as_posted, as_sent, attended, findings, responded
from tests.factories.victims import safe_contact
from tests.personas import person
from victims.models import Victim, VictimGrant

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]
NINE = timedelta(minutes=9)
DAY = timedelta(days=1)

ALLEGED: dict[str, Any] = {
    "counter_allegation": "yes",
    "counter_view": "unclear",
    "counter_reason": "Both have marks; she flinches when he moves.",
}


def two_of(row: Incident) -> tuple[str, str]:
    """References of the first-named victim and of the first-named perpetrator."""
    pair = company_of(row).pair
    assert pair is not None
    return pair[0].person.reference, pair[1].person.reference


def again(row: Incident, *, swapped: bool = False) -> Any:
    """The same two in another call; `swapped` names them the other way round."""
    pair = company_of(row).pair
    assert pair is not None
    harmed, accused = pair[::-1] if swapped else pair
    return (
        in_call("victim", person_id=harmed.person_id),
        in_call("perpetrator", person_id=accused.person_id),
    )


def roles(row: Incident) -> set[tuple[str, str]]:
    return set(row.involvements.values_list("person__given_name", "role"))


def record(row: Incident, who: User, at: datetime, version: int, **changes: Any) -> FirstResponse:
    return response.record_first_response(
        incident_id=row.pk, actor=who, findings=findings(row, **changes), version=version, at=at
    )


# --- Both roles ---------------------------------------------------------------------------------


def test_both_stand_in_both_roles_and_each_has_an_assessment(at: datetime, people: People) -> None:
    row = responded(at=at, **ALLEGED).incident
    assert roles(row) == {
        ("Siobhán", "victim"),
        ("Siobhán", "perpetrator"),
        ("Darren", "victim"),
        ("Darren", "perpetrator"),
    }
    both = {row.victim_id for row in row.involvements.filter(role="victim")}
    assert len(both) == 2
    assert set(Assessment.objects.values_list("victim", flat=True)) == both
    new = Victim.objects.get(person__given_name="Darren")
    assert new.contact_owner == people("officer")
    assert new.last_incident_at == at
    heard = AuditEvent.objects.get(verb="incident.counter_allegation_recorded")
    assert heard.is_grave
    assert len(heard.detail["roles_added"]) == 2


def test_an_existing_record_is_used_and_nobody_else_becomes_responsible(
    at: datetime, people: People
) -> None:
    earlier = attended("officer_b", at=at - 30 * DAY)
    swapped = attended("officer_b", at=at - 20 * DAY, people=again(earlier, swapped=True))
    known = swapped.involvements.get(role="victim").victim
    row = attended(at=at, people=again(earlier))
    record(row, people("officer"), at + NINE, 0, **ALLEGED)
    added = row.involvements.get(role="victim", person__given_name="Darren")
    assert added.victim == known
    known.refresh_from_db()
    assert known.contact_owner == people("officer_b")
    assert known.last_incident_at == at


def test_said_again_nothing_is_added(
    at: datetime, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    real = events.announce
    monkeypatch.setattr(events, "announce", lambda event: (heard.append(event), real(event)))
    first = responded(at=at, **ALLEGED)
    record(first.incident, people("officer"), at + NINE, 0, **ALLEGED)
    record(first.incident, people("officer"), at + NINE, 1, **ALLEGED, account="More was said.")
    assert Involvement.objects.filter(incident=first.incident).count() == 4
    assert Assessment.objects.count() == 2
    assert sum(isinstance(event, CounterAllegationRecorded) for event in heard) == 1


def test_it_is_about_somebody(at: datetime, people: People) -> None:
    row = attended(at=at, people=(in_call("victim", given_name="Ann"),))
    with pytest.raises(InvalidInput, match="Nobody is named") as refused:
        record(row, people("officer"), at + NINE, 0, **ALLEGED)
    assert refused.value.field == "counter_allegation"


def test_who_needs_protection_is_one_of_the_two(at: datetime, people: People) -> None:
    stranger = two_of(attended(at=at))[0]
    row = attended(at=at)
    said = {**ALLEGED, "counter_view": "one"}
    with pytest.raises(InvalidInput) as refused:
        record(row, people("officer"), at + NINE, 0, **{**said, "counter_protect": stranger})
    assert refused.value.field == "counter_protect"
    harmed, _ = two_of(row)
    kept = record(row, people("officer"), at + NINE, 0, **{**said, "counter_protect": harmed})
    assert kept.counter_protect is not None
    assert kept.counter_protect.reference == harmed


def test_taking_it_back_needs_words_and_takes_nothing_away(at: datetime, people: People) -> None:
    row = responded(at=at, **ALLEGED).incident
    with pytest.raises(InvalidInput, match="keep both roles") as refused:
        record(row, people("officer"), at + NINE, 1, counter_allegation="no")
    assert refused.value.field == "counter_reason"
    kept = record(
        row,
        people("officer"),
        at + NINE,
        1,
        counter_allegation="no",
        counter_reason="He says now that he fell.",
    )
    assert (kept.counter_view, kept.counter_reason) == ("", "He says now that he fell.")
    assert len(roles(row)) == 4
    assert Assessment.objects.count() == 2


def test_a_refusal_later_on_leaves_no_role_behind(at: datetime, people: People) -> None:
    row = attended(at=at)
    Incident.objects.filter(pk=row.pk).update(state="attended")
    with pytest.raises(DomainError):
        record(row, people("officer"), at + NINE, 7, **ALLEGED)
    assert len(roles(row)) == 2


# --- The aid ------------------------------------------------------------------------------------


def aid_of(row: Incident, at: datetime) -> Aid:
    aid = aid_for(row, company_of(row), at)
    assert aid is not None
    return aid


def test_an_inversion_against_history_is_said(at: datetime, people: People) -> None:
    earlier = incident(at=at - 500 * DAY, answers={"control": "yes"})
    for days in (90, 60, 30):
        incident(at=at - days * DAY, people=again(earlier), answers={"strangled": "yes"})
    # This time he rings first, and she is the one complained of.
    row = incident(at=at, people=again(earlier, swapped=True), answers={"control": "no"})
    darren, siobhan = aid_of(row, at).sides
    assert (
        siobhan.history_in_words == "Named as victim in 4 earlier incidents, never as perpetrator."
    )
    assert (
        darren.history_in_words == "Named as perpetrator in 4 earlier incidents, never as victim."
    )
    assert siobhan.is_inverted and darren.is_inverted
    assert not siobhan.is_turned_by_claim
    assert (siobhan.as_victim.recent, siobhan.as_victim.ever) == (3, 4)
    assert (siobhan.harmed_by_other.ever, darren.harmed_by_other.ever) == (4, 0)
    assert siobhan.suffered_in_words == [
        "control of money, contact or movements: 1 call",
        "grip on the neck: 3 calls",
    ]
    assert darren.used_in_words == siobhan.suffered_in_words


def test_a_claim_that_turns_history_round_is_said(at: datetime, people: People) -> None:
    earlier = incident(at=at - 30 * DAY)
    for side in aid_of(incident(at=at, people=again(earlier)), at).sides:
        assert side.is_turned_by_claim
        assert not side.is_inverted


def test_mixed_history_and_none_are_no_inversion(at: datetime, people: People) -> None:
    fresh = incident(at=at - 3 * DAY)
    for side in aid_of(fresh, at).sides:
        assert side.history_in_words == "Not named in any earlier incident."
        assert not side.is_inverted
    incident(at=at - 2 * DAY, people=again(fresh, swapped=True))
    row = incident(at=at, people=again(fresh))
    for side in aid_of(row, at).sides:
        assert (
            side.history_in_words
            == "Named as victim in 1 earlier incident, and as perpetrator in 1."
        )
        assert not side.is_inverted


def test_later_calls_are_not_history(at: datetime, people: People) -> None:
    row = incident(at=at)
    incident(at=at + DAY, people=again(row))
    assert aid_of(row, at + DAY).sides[0].as_victim.ever == 0


def test_signs_of_this_call_count_for_the_named_victim(at: datetime, people: People) -> None:
    row = incident(at=at, answers={"threats": "yes"})
    harmed, accused = aid_of(row, at).sides
    assert harmed.suffered_in_words == ["threats to kill or hurt: 1 call"]
    assert accused.used_in_words == harmed.suffered_in_words


@pytest.mark.parametrize("number", [0, 6])
def test_the_aid_costs_the_same_however_long_the_history(
    at: datetime, people: People, number: int, django_assert_num_queries: Any
) -> None:
    row = incident(at=at - 100 * DAY)
    for days in range(number):
        incident(at=at - (50 - days) * DAY, people=again(row))
    row = incident(at=at, people=again(row))
    company = company_of(row)
    with django_assert_num_queries(2):
        aid_for(row, company, at)


def test_the_numbers_of_the_moment_are_in_the_audit(at: datetime, people: People) -> None:
    earlier = incident(at=at - 40 * DAY)
    row = attended(at=at, people=again(earlier))
    record(row, people("officer"), at + NINE, 0, **ALLEGED)
    for verb, key in (
        ("incident.first_response_recorded", "counter_aid"),
        ("incident.counter_allegation_recorded", "aid"),
    ):
        harmed = AuditEvent.objects.get(verb=verb).detail[key]["sides"][0]
        assert harmed["as_victim"] == {"recent": 1, "ever": 1}


# --- Who sees whose side ------------------------------------------------------------------------

#: Words of each side, as the factory says them.
HERS = ("He kicked the door", "Red marks on the left arm", "comes back when the children")
HIS = ("He says that he wanted to fetch his clothes", "None seen, none said")
OF_BOTH = ("Locks changed tonight", "I want him kept away", "Door damaged", "she flinches")
OF_CHILDREN = ("Ella, 6, said that she hid.",)


@pytest.fixture
def accused_both_ways(at: datetime, people: People, monkeypatch: pytest.MonkeyPatch) -> Incident:
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=1))
    row = responded(at=at, **ALLEGED).incident
    for name, number in (("Siobhán", "07700 900111"), ("Darren", "07700 900222")):
        victim = Victim.objects.get(person__given_name=name)
        safe_contact(victim, at=at, number=number)
    return row


def grant(given_name: str, user: User) -> Victim:
    victim = Victim.objects.get(person__given_name=given_name)
    permission = Permission.objects.get(codename="view_victim")
    VictimGrant.objects.create(user=user, permission=permission, content_object=victim)
    return victim


@pytest.mark.parametrize(("who", "own", "other"), [("Siobhán", HERS, HIS), ("Darren", HIS, HERS)])
def test_who_works_for_one_sees_that_ones_side_alone(
    at: datetime,
    people: People,
    sign_in: SignIn,
    accused_both_ways: Incident,
    who: str,
    own: tuple[str, ...],
    other: tuple[str, ...],
) -> None:
    mine = grant(who, people("idva"))
    theirs = Victim.objects.exclude(pk=mine.pk).get()
    page = sign_in("idva").get(f"/incidents/{accused_both_ways.reference}/").content.decode()
    for words in own:
        assert words in page, words
    numbers = {"Siobhán": "900 222", "Darren": "900 111"}
    of_the_call = ("banging on the door", "900 417", "Tanglewood")
    for words in (*other, *OF_BOTH, *OF_CHILDREN, *of_the_call, theirs.reference, numbers[who]):
        assert words not in page, words
    assert "What concerns them is not shown to you" in page
    assert sign_in("idva").get(f"/victims/{theirs.reference}/").status_code == 404


def test_who_works_for_the_only_victim_reads_all_but_the_other_side_and_the_children(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = responded(at=at).incident
    grant("Siobhán", people("idva"))
    page = sign_in("idva").get(f"/incidents/{row.reference}/").content.decode()
    for words in (*HERS, "Locks changed tonight", "I want him kept away", "seen and spoken to"):
        assert words in page, words
    for words in (*HIS, *OF_CHILDREN):
        assert words not in page, words


def test_the_police_see_all_of_it(
    at: datetime, sign_in: SignIn, accused_both_ways: Incident
) -> None:
    page = sign_in("supervisor").get(f"/incidents/{accused_both_ways.reference}/").content.decode()
    for words in (*HERS, *HIS, *OF_BOTH, *OF_CHILDREN, "both are treated as victims"):
        assert words in page, words


def test_the_timeline_tells_one_side_nothing_of_the_others_assessment(
    at: datetime, people: People, sign_in: SignIn, accused_both_ways: Incident
) -> None:
    grant("Siobhán", people("idva"))
    address = f"/incidents/{accused_both_ways.reference}/"
    page = sign_in("idva").get(address).content.decode()
    assert page.count("Risk assessment begun") == 1
    assert sign_in("officer").get(address).content.decode().count("Risk assessment begun") == 2


def test_through_the_api(at: datetime, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=30))
    row = attended(at=at)
    harmed, _ = two_of(row)
    program = APIClient()
    program.force_authenticate(people("officer"))
    address = f"/api/v1/incidents/{row.reference}/attendance/"
    said = {**ALLEGED, "counter_view": "one", "counter_protect": harmed}
    body = {"first_response": as_sent(row, **said)}
    assert program.post(address, body, format="json").status_code == 201
    assert program.post(address, body, format="json").json()["first_response_version"] == 1
    assert len(roles(row)) == 4
    body["first_response"] = as_sent(row, parties=[], version=1)
    answer = program.post(address, body, format="json")
    assert answer.status_code == 400
    assert "Siobhán O'Neill" in answer.json()["errors"]["parties"][0]
    mine = grant("Siobhán", people("idva"))
    program.force_authenticate(people("idva"))
    seen = program.get(f"/api/v1/incidents/{row.reference}/").json()
    assert {one["victim"] for one in seen["people"]} == {mine.reference}
    for name in ("address", "caller_number", "safe_callback", "narrative"):
        assert not seen[name], name


# --- More than two ------------------------------------------------------------------------------


@pytest.fixture
def three(at: datetime) -> tuple[Incident, str, str, str]:
    """A victim and two perpetrators, by their references; an officer is there."""
    row = attended(
        at=at,
        people=(
            in_call("victim", given_name="Siobhán", family_name="O'Neill"),
            in_call("perpetrator", given_name="Darren", family_name="Pike"),
            in_call("perpetrator", given_name="Lee", family_name="Pike"),
        ),
    )
    company = company_of(row)
    siobhan, darren, lee = (party.reference for party in company.parties)
    return row, siobhan, darren, lee


def test_where_more_than_two_are_named_it_must_be_said_who_accuses(
    at: datetime, people: People, three: tuple[Incident, str, str, str]
) -> None:
    row, siobhan, _, lee = three
    for wrong in ("", siobhan, "P-2026-999999"):
        with pytest.raises(InvalidInput) as refused:
            record(row, people("officer"), at, 0, **ALLEGED, counter_by=wrong)
        assert refused.value.field == "counter_by"
    said = {**ALLEGED, "counter_by": lee, "counter_view": "one", "counter_protect": lee}
    found = findings(row, **said)
    for _ in range(2):
        done = response.record_first_response(
            incident_id=row.pk, actor=people("officer"), findings=found, version=0, at=at
        )
        assert str(done.counter_between) == "Lee Pike against Siobhán O'Neill"
    assert done.version == 1
    assert roles(row) == {
        ("Siobhán", "victim"),
        ("Darren", "perpetrator"),
        ("Lee", "perpetrator"),
        ("Lee", "victim"),
        ("Siobhán", "perpetrator"),
    }
    written = AuditEvent.objects.get(verb="incident.counter_allegation_recorded").detail
    assert (written["by"], written["against"]) == (lee, siobhan)
    assert [side["person"] for side in written["aid"]["sides"]] == [siobhan, lee]


def test_of_two_victims_it_must_be_said_which_is_accused(at: datetime, people: People) -> None:
    row = attended(
        at=at,
        people=(
            in_call("victim", given_name="Siobhán", family_name="O'Neill"),
            in_call("victim", given_name="Ona", family_name="Vale"),
            in_call("perpetrator", given_name="Darren", family_name="Pike"),
        ),
    )
    ona = next(p.reference for p in company_of(row).parties if p.name.startswith("Ona"))
    with pytest.raises(InvalidInput) as refused:
        record(row, people("officer"), at, 0, **ALLEGED)
    assert refused.value.field == "counter_against"
    record(row, people("officer"), at, 0, **ALLEGED, counter_against=ona)
    assert ("Ona", "perpetrator") in roles(row)
    assert ("Siobhán", "perpetrator") not in roles(row)


def test_the_page_and_the_api_ask_who_accuses(
    at: datetime, sign_in: SignIn, three: tuple[Incident, str, str, str]
) -> None:
    row, siobhan, darren, lee = three
    client, address = sign_in("officer"), f"/incidents/{row.reference}/first-response/"
    page = client.get(address).content.decode()
    assert page.count('name="counter_by"') == 2
    assert 'name="counter_against"' not in page
    refused = client.post(address, as_posted(row, **ALLEGED))
    assert refused.status_code == 400
    assert "Say who accuses the victim." in refused.content.decode()
    said = {**ALLEGED, "counter_view": "one", "counter_protect": lee, "counter_by": lee}
    assert client.post(address, as_posted(row, **said)).status_code == 302
    assert "Lee Pike against" in client.get(f"/incidents/{row.reference}/").content.decode()
    shown = client.get(address).content.decode()
    assert re.search(f'name="counter_by" value="{lee}"[^>]* checked', shown)
    assert siobhan in shown
    api = APIClient()
    api.force_authenticate(person("officer"))
    both = {**ALLEGED, "counter_by": darren, "counter_against": siobhan}
    answer = api.post(
        f"/api/v1/incidents/{row.reference}/attendance/",
        {"first_response": as_sent(row, **both, version=1)},
        format="json",
    )
    assert answer.status_code in {200, 201}, answer.json()
    assert FirstResponse.objects.get(incident=row).counter_between.by.reference == darren


def test_two_people_are_not_asked_who_accuses(at: datetime, sign_in: SignIn) -> None:
    row = responded(at=at, **ALLEGED).incident
    page = sign_in("officer").get(f"/incidents/{row.reference}/first-response/").content.decode()
    assert "counter_by" not in page
    assert not hasattr(FirstResponse.objects.get(incident=row), "counter_between")
