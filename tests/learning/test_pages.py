"""The pages in a browser's eyes: what each person sees, types and is refused."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from audit.models import AuditEvent
from learning import services
from learning.marking import order
from learning.models import Attempt, Notice, Reading
from tests.factories.learning import CONTROL, answered, drafted, published
from tests.personas import PEOPLE, person, team

SignIn = Callable[[str], Client]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ASKED = {"handler", "handler_b", "officer", "officer_b"}
OWN_TEAM = {"supervisor", "inspector", "manager", "idva_manager"}
ALL_TEAMS = {"head", "superintendent", "auditor", "analyst"}
WRITERS = {"head", "superintendent"}


@pytest.fixture(autouse=True)
def clock(at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def notice(people: Callable[[str], User], at: datetime) -> Notice:
    for username in PEOPLE:
        people(username)
    return published(at - DAY)


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    page = response.content.decode()
    assert " style=" not in page and page.count("<h1>") == 1
    return page


def choose(page: str, name: str, *words: str) -> list[str]:
    """The values of the answers with these words, wherever they stand."""
    found = []
    for one in words:
        label = re.search(rf'<label for="(test_{name}_\d)">{re.escape(one)}</label>', page)
        assert label, one
        value = re.search(rf'name="{name}" value="(\d)"[^>]*id="{label[1]}"', page)
        assert value, page
        found.append(value[1])
    return found


def answers(page: str, notice: Notice, first: str) -> dict[str, object]:
    one, two = notice.questions.all()
    number = re.search(r'name="number" value="(\d+)"', page)
    assert number
    return {
        "number": number[1],
        f"q{one.pk}": choose(page, f"q{one.pk}", first),
        f"q{two.pk}": choose(page, f"q{two.pk}", "Money", "Friends"),
    }


# --- One's own


def test_mine_by_time_left_then_what_is_done(notice: Notice, sign_in: SignIn, at: datetime) -> None:
    soon = published(at - DAY, title="Sooner", pass_by=(at + 2 * DAY).date())
    done = published(at - DAY, title="Done already")
    answered(done, "officer", at)
    page = text(sign_in("officer"), "/learning/")
    assert page.index(soon.title) < page.index(notice.title) < page.index(done.title)
    assert "Nothing to do" in text(sign_in("worker"), "/learning/")


@pytest.mark.parametrize("who", PEOPLE)
def test_who_opens_a_notice(who: str, notice: Notice, sign_in: SignIn) -> None:
    status = sign_in(who).get(f"/learning/{notice.reference}/").status_code
    seen = ASKED | OWN_TEAM | ALL_TEAMS
    assert status == (200 if who in seen else 404)
    assert Reading.objects.filter(user=person(who)).exists() == (who in ASKED)


@pytest.mark.parametrize("who", PEOPLE)
def test_a_draft_is_its_writers_only(who: str, notice: Notice, sign_in: SignIn) -> None:
    draft = drafted(notice.changed_at)
    status = sign_in(who).get(f"/learning/{draft.reference}/").status_code
    assert status == (302 if who in WRITERS else 404)


def test_failing_shows_what_was_wrong_only_then(
    notice: Notice, sign_in: SignIn, at: datetime
) -> None:
    client, path = sign_in("officer"), f"/learning/{notice.reference}/"
    page = text(client, path)
    assert "Control needs no violence" not in page
    response = client.post(f"{path}answer/", answers(page, notice, "Yes"))
    assert (response.status_code, response["Location"]) == (302, path)
    again = text(client, path)
    assert "Not passed yet: 1 of 2 right" in again
    assert "Control needs no violence" in again
    # What was right needs no reason; the notice stands before the test.
    assert "who may be seen" not in again
    assert again.index("pattern, not an event") < again.index("Did it come across?")
    assert 'name="number" value="2"' in again
    client.post(f"{path}answer/", answers(again, notice, "No"))
    passed = text(client, path)
    assert "You passed" in passed and "at attempt 2" in passed
    assert "Did it come across?" not in passed
    assert list(Attempt.objects.order_by("number").values_list("passed", flat=True)) == [
        False,
        True,
    ]


def test_sent_twice_from_one_page(notice: Notice, sign_in: SignIn) -> None:
    client, path = sign_in("officer"), f"/learning/{notice.reference}/"
    data = answers(text(client, path), notice, "Yes")
    for _ in range(2):
        assert client.post(f"{path}answer/", data).status_code == 302
    assert Attempt.objects.count() == 1


def test_half_answered_comes_back_with_what_was_chosen(notice: Notice, sign_in: SignIn) -> None:
    client, path = sign_in("officer"), f"/learning/{notice.reference}/"
    data = answers(text(client, path), notice, "No")
    one, two = notice.questions.all()
    del data[f"q{two.pk}"]
    response = client.post(f"{path}answer/", data)
    page = response.content.decode()
    assert response.status_code == 400 and "Choose an answer." in page
    (value,) = data[f"q{one.pk}"]  # type: ignore[misc]
    assert re.search(rf'name="q{one.pk}" value="{value}"[^>]*checked', page)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("number", ["0", "x", "99999999", "-1"])
def test_a_page_of_nobody_is_refused(number: str, notice: Notice, sign_in: SignIn) -> None:
    client = sign_in("officer")
    path = f"/learning/{notice.reference}/answer/"
    assert client.post(path, {"number": number}).status_code == 400


def test_nothing_in_the_page_tells_which_is_right(notice: Notice, sign_in: SignIn) -> None:
    """The same answer has another value for different people."""
    one = notice.questions.all()[0]
    assert len({tuple(order(one, user_id=user, number=1)) for user in range(40)}) > 1
    for who in sorted(ASKED):
        page = text(sign_in(who), f"/learning/{notice.reference}/")
        [value] = choose(page, f"q{one.pk}", "No")
        shown = order(one, user_id=person(who).pk, number=1)
        assert value == str(shown.index(one.options.index("No")))


def test_mark_up_in_a_notice_is_words(notice: Notice, sign_in: SignIn, at: datetime) -> None:
    row = published(at, body="<script>alert(1)</script>")
    page = text(sign_in("officer"), f"/learning/{row.reference}/")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


# --- Results


@pytest.mark.parametrize("who", PEOPLE)
def test_who_sees_results(who: str, notice: Notice, sign_in: SignIn) -> None:
    client = sign_in(who)
    allowed = who in OWN_TEAM | ALL_TEAMS
    for path in ("", "team/", "export/"):
        status = client.get(f"/learning/results/{path}").status_code
        assert status == (200 if allowed else 403)
    other = {"supervisor": "control_room"}.get(who, "response")
    status = client.get(f"/learning/results/team/?team={team(other).pk}").status_code
    assert status == (200 if who in ALL_TEAMS else 403)


def test_counts_by_team(notice: Notice, sign_in: SignIn, at: datetime) -> None:
    answered(notice, "officer", at)
    services.note_reading(notice=notice, actor=person("officer_b"), at=at)
    with time_machine.travel(at + 20 * DAY, tick=False):
        page = text(sign_in("head"), "/learning/results/")
        rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
        numbers = {
            re.sub(r"<[^>]+>", "", re.search(r"<th scope=\"row\">(.*?)</th>", row)[1]): (  # type: ignore[index]
                re.findall(r'<td class="num"[^>]*>(.*?)</td>', row)
            )
            for row in rows[1:]
        }
        assert numbers == {
            "Fenwick control_room": ["2", "2", "0", "0", "2", "0%"],
            "Fenwick response": ["2", "2", "2", "1", "1", "50%"],
        }
        assert "1 overdue, by 6 days" in page and "2 overdue, up to 6 days" in page
        own = text(sign_in("supervisor"), "/learning/results/")
        assert "Fenwick response" in own and "Fenwick control_room" not in own


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("", ["PC 2210 T. Hale", "PC 3015 L. Moss"]),
        ("passed", ["PC 2210 T. Hale"]),
        ("not_passed", ["PC 3015 L. Moss"]),
        ("not_read", ["PC 3015 L. Moss"]),
        ("overdue", []),
    ],
)
def test_names_and_their_export(
    show: str, names: list[str], notice: Notice, sign_in: SignIn, at: datetime
) -> None:
    answered(notice, "officer", at)
    client, query = sign_in("supervisor"), f"?show={show}&notice={notice.reference}"
    page = text(client, f"/learning/results/team/{query}")
    assert re.findall(r'<th scope="row">(.*?)</th>', page) == names
    response = client.get(f"/learning/results/export/{query}")
    body = b"".join(response.streaming_content).decode().lstrip("\ufeff")  # type: ignore[attr-defined]
    assert [row["Name"] for row in csv.DictReader(io.StringIO(body))] == names
    assert AuditEvent.objects.get(verb="notice.exported").detail["show"] == show


@pytest.mark.parametrize("query", ["show=x", "notice=LN-1999-000001", "team=x", "team=-1"])
def test_a_filter_that_is_none(query: str, notice: Notice, sign_in: SignIn) -> None:
    assert sign_in("head").get(f"/learning/results/team/?{query}").status_code == 400


def test_a_thousand_people_cost_as_many_queries_as_ten(
    notice: Notice, sign_in: SignIn, at: datetime
) -> None:
    paths = ("/learning/results/", f"/learning/results/team/?team={team('response').pk}")
    client = sign_in("head")

    def queries() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                text(client, path)
            counts.append(len(captured))
        return counts

    queries()  # what is asked once a process, and the session, come first
    few = queries()
    officers = Group.objects.get(name=Role.RESPONSE_OFFICER)
    crowd = User.objects.bulk_create(
        User(username=f"pc{number}", name=f"PC {number}", team=team("response"))
        for number in range(1_000)
    )
    officers.user_set.add(*crowd)
    services.keep_in_step(actor=User.objects.system(), at=at)
    assert queries() == few
    assert max(few) <= 9
    officer = sign_in("officer")
    with CaptureQueriesContext(connection) as captured:
        text(officer, "/learning/")
    assert len(captured) <= 9
    page = text(client, paths[1])
    assert "Page 1 of 21" in page


def test_publishing_to_a_thousand_costs_few_queries(
    people: Callable[[str], User], sign_in: SignIn, at: datetime
) -> None:
    people("officer")
    officers = Group.objects.get(name=Role.RESPONSE_OFFICER)
    officers.user_set.add(
        *User.objects.bulk_create(
            User(username=f"pc{number}", name=f"PC {number}", team=team("response"))
            for number in range(1_000)
        )
    )
    draft = drafted(at)
    with CaptureQueriesContext(connection) as captured:
        services.publish(notice_id=draft.pk, version=1, actor=person("head"), at=at)
    assert len(captured) <= 25
    assert draft.assignments.count() == 1_001


# --- Writing


def form_of(page: str) -> dict[str, str]:
    """What the page's inputs would send as they are (single values only)."""
    data = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    for name in re.findall(r'<input type="text" name="([\w-]+)"', page):
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        data[name] = found[1] if found else ""
    return data


def test_writing_from_nothing_to_published(people: Callable[[str], User], sign_in: SignIn) -> None:
    people("officer")
    client = sign_in("head")
    data = form_of(text(client, "/learning/new/")) | {
        "kind": "procedure",
        "title": "Body-worn video",
        "act": "add_answer:0",
    }
    response = client.post("/learning/new/", data)
    row = Notice.objects.get()
    edit = f"/learning/{row.reference}/edit/"
    assert response["Location"] == f"{edit}#question-1"
    assert len(row.questions.get().options) == 4
    data = form_of(text(client, edit)) | {
        "kind": "procedure",
        "body": "Switch it on before you knock.",
        "roles": ["Response officer"],
        "q0-text": "When?",
        "q0-option0": "Before",
        "q0-option1": "After",
        "q0-right0": "on",
        "act": "preview",
    }
    response = client.post(edit, data)
    preview = f"/learning/{row.reference}/preview/"
    assert response["Location"] == preview
    page = text(client, preview)
    assert "Not ready" in page and "Say why" in page
    refused = client.post(f"/learning/{row.reference}/publish/", form_of(page))
    assert refused.status_code == 400
    words = refused.content.decode()
    assert "Switch it on before you knock." in words
    assert re.search(r'href="#id_q0-why">Why: Say why', words)
    data = form_of(text(client, edit)) | {
        **{name: data[name] for name in ("kind", "body", "roles", "q0-right0")},
        "q0-why": "What happens at the door counts.",
        "act": "save",
    }
    assert client.post(edit, data).status_code == 302
    response = client.post(f"/learning/{row.reference}/publish/", form_of(text(client, preview)))
    assert response["Location"] == f"/learning/{row.reference}/"
    row.refresh_from_db()
    assert not row.is_draft and row.questions.get().options == ["Before", "After"]
    assert "Body-worn video" in text(sign_in("officer"), "/learning/")
    assert "Body-worn video" in text(sign_in("officer"), "/waiting/")


def test_a_stale_edit_shows_both_and_loses_nothing(notice: Notice, sign_in: SignIn) -> None:
    draft, client = drafted(notice.changed_at), sign_in("head")
    edit = f"/learning/{draft.reference}/edit/"
    mine = form_of(text(client, edit)) | {"kind": "lesson", "title": "Mine", "act": "save"}
    services.save(
        notice_id=draft.pk,
        draft=CONTROL.__class__(title="Theirs"),
        version=1,
        actor=person("head"),
        at=notice.changed_at,
    )
    response = client.post(edit, mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in page and 'value="Mine"' in page
    again = form_of(page) | {"kind": "lesson", "act": "save"}
    assert again["version"] == "2"
    assert client.post(edit, again).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Mine"


def test_too_long_is_said_at_the_field(notice: Notice, sign_in: SignIn) -> None:
    client = sign_in("head")
    data = form_of(text(client, "/learning/new/")) | {"kind": "lesson", "title": "x" * 121}
    response = client.post("/learning/new/", data)
    assert response.status_code == 400
    assert 'id="id_title_error"' in response.content.decode()
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - WRITERS))
def test_writing_is_for_writers(who: str, notice: Notice, sign_in: SignIn) -> None:
    client, path = sign_in(who), f"/learning/{notice.reference}/"
    for page in ("/learning/new/", "/learning/written/", f"{path}edit/", f"{path}preview/"):
        assert client.get(page).status_code == 403
    for step in ("edit", "publish", "replace", "withdraw"):
        assert client.post(f"{path}{step}/", {"words": "x"}).status_code == 403


def test_withdrawn_says_so(notice: Notice, sign_in: SignIn) -> None:
    client, path = sign_in("head"), f"/learning/{notice.reference}/"
    assert client.post(f"{path}withdraw/", {"words": ""}).status_code == 400
    assert client.post(f"{path}withdraw/", {"words": "The law changed."}).status_code == 302
    assert "The law changed." in text(sign_in("officer"), path)
    assert "Did it come across?" not in text(sign_in("officer"), path)


# --- API


def test_the_api_gives_mine_and_the_results(notice: Notice, sign_in: SignIn, at: datetime) -> None:
    answered(notice, "officer", at, right=False)
    (mine,) = sign_in("officer").get("/api/v1/learning/notices/").json()
    assert (mine["reference"], mine["attempts"], mine["passed_at"]) == (notice.reference, 1, None)
    assert mine["is_overdue"] is False and "body" not in mine
    (row,) = sign_in("supervisor").get("/api/v1/learning/results/").json()
    assert (row["team"], row["asked"], row["read"], row["passed"]) == ("Fenwick response", 2, 1, 0)
    assert sign_in("officer").get("/api/v1/learning/results/").status_code == 403
    assert sign_in("worker").get("/api/v1/learning/notices/").json() == []
