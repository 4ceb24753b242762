"""The pages and the API of notes: what each side reads, and that nothing is for all by default."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.personas import person as persona
from tests.victims.telling import BAILED, known_victim
from tests.victims.test_notes import written
from victims import services
from victims.models import Note, Victim

People = Callable[[str], User]
SignIn = Callable[[str], Client]
ADVISERS_ONLY = "Larkspur at dawn."
POLICE_ONLY = "Kestrel in the yard."


@pytest.fixture
def victim(people: People) -> Victim:
    row = known_victim()
    services.give_access(
        victim_id=row.pk, person=people("idva"), why="given", actor=people("supervisor"), at=BAILED
    )
    written(row, words=ADVISERS_ONLY)
    written(row, words=POLICE_ONLY, kept_among="police", actor=people("officer"))
    return row


def page(victim: Victim, more: str = "") -> str:
    return f"/victims/{victim.reference}/notes/{more}"


@pytest.mark.parametrize(
    ("username", "theirs", "others"),
    [
        ("idva", ADVISERS_ONLY, POLICE_ONLY),
        ("idva_manager", ADVISERS_ONLY, POLICE_ONLY),
        ("officer", POLICE_ONLY, ADVISERS_ONLY),
        ("worker", POLICE_ONLY, ADVISERS_ONLY),
    ],
)
def test_each_side_reads_its_own_on_page_and_api(
    victim: Victim, sign_in: SignIn, username: str, theirs: str, others: str
) -> None:
    client = sign_in(username)
    for address in (page(victim), f"/api/v1{page(victim)}"):
        shown = client.get(address).content.decode()
        assert theirs in shown
        assert others not in shown
    tab = client.get(f"/victims/{victim.reference}/").content.decode()
    assert f'notes/">Notes<span class="n">{1}</span>' in tab


def test_the_auditor_is_told_that_there_are_notes_and_not_their_words(
    victim: Victim, sign_in: SignIn
) -> None:
    shown = sign_in("auditor").get(page(victim)).content.decode()
    assert "R. Amadi: advisers only, not the police" in shown
    assert "PC 2210 T. Hale: police only, not advisers" in shown
    assert ADVISERS_ONLY not in shown
    assert POLICE_ONLY not in shown
    assert 'aria-current="page">Notes</a>' in shown  # nothing to read, nothing counted


@pytest.mark.parametrize(("username", "side"), [("idva", "advocates"), ("officer", "police")])
def test_the_narrowest_circle_is_chosen_beforehand(
    victim: Victim, sign_in: SignIn, username: str, side: str
) -> None:
    shown = sign_in(username).get(page(victim)).context["form"]
    assert shown["kept_among"].initial == side
    assert [value for value, _ in shown.fields["kept_among"].choices] == [side, "everybody"]


def test_written_once_however_often_it_is_sent(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("idva")
    key = client.get(page(victim)).context["form"]["key"].value()
    said = {"words": "She moves on Friday.", "kept_among": "everybody", "key": str(key)}
    for _ in range(2):
        assert client.post(page(victim), said).status_code == 302
    assert Note.objects.get(words=said["words"]).kept_among == ""
    other = client.post(page(victim), {**said, "words": "On Saturday."})
    assert other.status_code == 409
    assert "On Saturday." in other.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kept_among": ""}, "kept_among"),
        ({"kept_among": "police"}, "kept_among"),
        ({"words": " "}, "words"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    victim: Victim, sign_in: SignIn, changes: dict[str, str], field: str
) -> None:
    client = sign_in("idva")
    key = str(client.get(page(victim)).context["form"]["key"].value())
    said = {"words": "Not to be lost.", "kept_among": "advocates", "key": key, **changes}
    answer = client.post(page(victim), said)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert said["words"] in answer.content.decode()
    assert Note.objects.count() == 2


def test_struck_out_its_words_are_left_to_whoever_wrote_it(
    victim: Victim, sign_in: SignIn, people: People
) -> None:
    note = written(victim, words="Written too wide.", kept_among="")
    manager = sign_in("idva_manager")
    strike = page(victim, f"{note.pk}/strike/")
    assert manager.post(strike, {"because": ""}).context["form"].errors
    assert manager.post(strike, {"because": "Too wide"}).status_code == 302
    for username in ("officer", "idva_manager", "idva"):
        client = sign_in(username)
        shown = client.get(page(victim)).content.decode()
        assert "Too wide" in shown
        assert ("Written too wide." in shown) == (username == "idva")
        api = client.get(f"/api/v1{page(victim)}").json()["results"][0]
        assert (api["number"], api["words"]) == (note.pk, "")


def test_another_sides_note_is_not_there_to_strike(victim: Victim, sign_in: SignIn) -> None:
    note = Note.objects.get(kept_among="advocates")
    for who in ("officer", "supervisor", "idva_b", "agency"):
        client = sign_in(who)
        for address in (page(victim, f"{note.pk}/strike/"), page(victim, "999999/strike/")):
            assert client.get(address).status_code == 404
            assert client.post("/api/v1" + address, "{}", "application/json").status_code == 404


def test_by_the_api_who_may_read_it_must_be_said(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("idva")

    def sent(**said: object) -> int:
        return client.post(f"/api/v1{page(victim)}", said, "application/json").status_code

    assert sent(words="No.") == 400
    assert sent(words="No.", kept_among="") == 400
    assert sent(words="No.", kept_among="police") == 400
    assert sent(words="Yes.", kept_among="advocates") == 201
    assert Note.objects.get(words="Yes.").written_by == persona("idva")
