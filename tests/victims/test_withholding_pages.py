"""The pages and the API of who must not receive anything about a victim."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User, Withholding
from audit.models import AuditEvent, RecordRead
from core import clock
from deadlines.models import Notification
from tests.factories import victims as make
from tests.personas import person, team
from tests.victims.helpers import own_queries
from tests.victims.test_api import api
from victims import services
from victims.models import Victim

SignIn = Callable[[str], Client]
pytestmark = pytest.mark.django_db

WHY = "Brother of the man who was arrested"
LIST = "/withheld/"
KEEPERS = {"supervisor", "worker", "worker_b", "manager", "head"}


@pytest.fixture
def victim(db: None) -> Victim:
    person("supervisor"), person("head")
    return make.victim()


def url(victim: Victim, entry: Withholding | None = None) -> str:
    path = f"/victims/{victim.reference}/withheld/"
    return f"{path}{entry.pk}/end/" if entry else path


def page(victim: Victim) -> str:
    return reverse("victims:detail", args=[victim.reference])


def withheld(row: Victim, from_: str = "officer_b") -> Withholding:
    return services.withhold(
        victim_id=row.pk,
        person_id=person(from_).pk,
        reason=WHY,
        actor=person("manager"),
        at=clock.now(),
    )


def test_only_those_who_keep_the_register_open_it(victim: Victim, sign_in: SignIn) -> None:
    entry = withheld(victim)
    for who in ("handler", "officer", "idva_manager", "agency", "auditor", *sorted(KEEPERS)):
        client, good = sign_in(who), {200} if who in KEEPERS else {403, 404}
        for path in (LIST, url(victim), url(victim, entry)):
            assert client.get(path).status_code in good, (who, path)
        if who not in KEEPERS:
            said = {"person": "handler", "reason": WHY}
            assert client.post(url(victim), said).status_code in good, who
            assert client.post(url(victim, entry), {"reason": WHY}).status_code in good, who
    assert Withholding.objects.get().ended_at is None


@pytest.mark.parametrize("named", ["officer_b", "PC 3015 L. Moss", " OFFICER_B "])
def test_a_person_is_put_on_it_and_a_double_press_is_harmless(
    named: str, victim: Victim, sign_in: SignIn
) -> None:
    person("officer_b")
    keeper = sign_in("worker")
    for _ in range(2):
        answer = keeper.post(url(victim), {"person": named, "reason": WHY})
        assert (answer.status_code, answer["Location"]) == (302, url(victim))
    entry = Withholding.objects.get()
    assert (entry.person, entry.set_by, entry.reason) == (
        person("officer_b"), person("worker"), WHY
    )  # fmt: skip
    assert AuditEvent.objects.filter(verb="victim.withheld").count() == 1
    for path in (LIST, url(victim)):
        shown = keeper.get(path).content.decode()
        assert "PC 3015 L. Moss" in shown and WHY in shown
    assert RecordRead.objects.filter(path=url(victim), user=person("worker")).exists()


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ({"person": "nobody.such", "reason": WHY}, "person", "There is nobody of this user name."),
        ({"reason": WHY}, "person", "Name one person or one agency."),
        ({"person": "officer_b", "agency": "own", "reason": WHY}, "person", "Name one person or"),
        ({"person": "worker", "reason": WHY}, "person", "You cannot withhold"),
        ({"person": "officer_b", "reason": " "}, "reason", ""),
        ({"person": "officer_b", "reason": "x" * 1_001}, "reason", "1,000"),
        ({"agency": "police", "reason": WHY}, "agency", "Select a valid choice"),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_says_it_at_the_field(
    said: dict[str, str], field: str, message: str, victim: Victim, sign_in: SignIn
) -> None:
    person("officer_b")
    agencies = {"own": str(team("partner").agency_id), "police": str(team("response").agency_id)}
    if "agency" in said:
        said = {**said, "agency": agencies[said["agency"]]}
    answer = sign_in("worker").post(url(victim), said)
    shown = answer.content.decode()
    assert answer.status_code == 400 and message in shown
    assert f'href="#id_{field}"' in shown
    for name in ("person", "reason"):
        assert said.get(name, "").strip() in shown
    if said.get("agency") == agencies["own"]:
        assert f'value="{agencies["own"]}" selected' in shown
    assert not Withholding.objects.exists()


def test_it_ends_in_words_and_is_kept_as_history(victim: Victim, sign_in: SignIn) -> None:
    entry, keeper = withheld(victim), sign_in("worker")
    empty = keeper.post(url(victim, entry), {"reason": " "})
    assert empty.status_code == 400 and 'href="#id_reason"' in empty.content.decode()
    said = {"reason": "No kin after all"}
    assert keeper.post(url(victim, entry), said).status_code == 302
    again = keeper.post(url(victim, entry), said)
    assert again.status_code == 409 and "This has ended already." in again.content.decode()
    assert AuditEvent.objects.filter(verb="victim.no_longer_withheld").count() == 1
    assert "No kin after all" in keeper.get(url(victim)).content.decode()
    assert WHY not in keeper.get(LIST).content.decode()
    assert WHY in keeper.get(f"{LIST}?show=ended").content.decode()
    other = make.victim(given_name="Ada")
    assert keeper.post(url(other, entry), said).status_code == 404


def test_what_is_in_force_stands_first(victim: Victim, sign_in: SignIn) -> None:
    entry = withheld(victim, "handler")
    services.end_withholding(
        withholding_id=entry.pk, reason="No kin", actor=person("manager"), at=clock.now()
    )
    withheld(victim)
    shown = sign_in("worker").get(url(victim)).content.decode()
    assert shown.index("PC 3015 L. Moss") < shown.index("PC 4471 R. Adeyemi")


def test_the_person_named_learns_nothing(victim: Victim, sign_in: SignIn) -> None:
    """Neither by a page, a message, a list nor by how a record that is not there answers."""
    named = sign_in("worker_b")
    withheld(victim, "worker_b")
    client = sign_in("worker_b")
    missing = Victim(reference="V-2026-999999")
    for path_of in (page, url):
        for one in (named, client):
            for row in (victim, missing):
                assert one.get(path_of(row)).status_code == 404
    said = {"person": "officer_b", "reason": WHY}
    assert client.post(url(victim), said).status_code == 404
    for show in ("standing", "ended", "all"):
        shown = client.get(f"{LIST}?show={show}&who=worker_b").content.decode()
        assert victim.reference not in shown and WHY not in shown
    assert api("worker_b").get(f"/api/v1{url(victim)}").status_code == 404
    assert not Notification.objects.filter(user=person("worker_b")).exists()


def test_a_colleague_reads_no_word_of_it_on_the_record(victim: Victim, sign_in: SignIn) -> None:
    """An officer who sees her sees neither whom it is withheld from nor that it is."""
    withheld(victim)
    officer = sign_in("officer")
    for name in ("detail", "timeline"):
        shown = officer.get(reverse(f"victims:{name}", args=[victim.reference])).content.decode()
        assert "L. Moss" not in shown and "ithheld" not in shown and WHY not in shown


def test_the_register_is_narrowed_by_person_victim_and_agency(
    victim: Victim, sign_in: SignIn
) -> None:
    other = make.victim(given_name="Ada", family_name="Birch")
    withheld(victim)
    services.withhold(
        victim_id=other.pk,
        agency_id=team("partner").agency_id,
        reason=WHY,
        actor=person("manager"),
        at=clock.now(),
    )
    keeper = sign_in("worker")
    for query, of in (
        ("who=moss", {victim}),
        ("who=officer_b", {victim}),
        (f"who={other.reference.lower()}", {other}),
        (f"agency={team('partner').agency_id}", {other}),
        (f"agency={team('response').agency_id}", {victim}),
        ("show=ended", set()),
        ("show=nonsense&agency=x&who=%00", {victim, other}),
    ):
        shown = keeper.get(f"{LIST}?{query}").content.decode()
        found = {row for row in (victim, other) if f">{row.reference}<" in shown}
        assert found == of, query


def test_the_api_says_it_once_and_ends_it(victim: Victim) -> None:
    person("officer_b")
    client, path = api("worker"), f"/api/v1{url(victim)}"
    said = {"person": "officer_b", "reason": WHY}
    for wrong in ({**said, "person": "nobody.such"}, {"reason": WHY}, {**said, "agency": 10**6}):
        assert client.post(path, wrong, format="json").status_code == 400
    made = client.post(path, said, format="json")
    assert made.status_code == 201
    assert client.post(path, said, format="json").json() == made.json()
    assert [one["person"] for one in client.get(path).json()] == ["officer_b"]
    end = f"{path}{made.json()['number']}/end/"
    assert api("officer").post(end, {"reason": "Mine"}, format="json").status_code == 403
    ended = client.post(end, {"reason": "No kin"}, format="json").json()
    assert ended["ended_reason"] == "No kin" and ended["ended_at"]
    assert client.post(end, {"reason": "No kin"}, format="json").status_code == 409
    fresh = User.objects.get(pk=person("officer_b").pk)
    assert Victim.objects.visible_to(fresh).filter(pk=victim.pk).exists()


@pytest.mark.parametrize("entries", [1, 4])
def test_the_register_asks_the_same_however_long_it_is(entries: int, sign_in: SignIn) -> None:
    person("head")
    for number in range(entries):
        withheld(make.victim(given_name=f"Ada{'abcdef'[number]}"))
    keeper = sign_in("worker")
    keeper.get(LIST)
    with own_queries(1):
        keeper.get(LIST)
