"""What supervisors check, who may not, what it asks of officers, and what nobody checked."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from accounts.models import Area, Team, User
from audit.models import AuditEvent
from core import clock, events
from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Notification
from incidents.events import IncidentSupervised
from incidents.models import Incident, SupervisionCheck
from incidents.services import response
from incidents.services.supervision import check_incident
from incidents.supervising import CHECKS
from tests.factories import closure as gate
from tests.factories.incidents import incident as logged
from tests.factories.response import attended
from tests.factories.risk import colleague
from tests.personas import person

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def answers(**changes: str) -> dict[str, str]:
    return {check.code: "yes" for check in CHECKS} | changes


def check(row: Incident, at: datetime, **changes: Any) -> SupervisionCheck:
    """A check by the supervisor who finds everything done, with these arguments changed."""
    given: dict[str, Any] = {
        "actor": person("supervisor"),
        "answers": answers(),
        "outcome": "satisfied",
        "at": at,
    }
    return check_incident(incident_id=row.pk, **{**given, **changes})


ACTION = {"outcome": "action", "words": "Ask the neighbour at 16 what she heard."}


@pytest.fixture
def row(at: datetime) -> Incident:
    return attended("officer", "officer_b", at=at)


# --- Checking -----------------------------------------------------------------------------------


def test_a_supervisor_checks(at: datetime, row: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(events, "announce", heard.append)
    made = check(row, at)
    before = row.version
    row.refresh_from_db()
    assert (row.supervised_at, row.version) == (at, before)
    assert set(made.answers) == {one.code for one in CHECKS}
    assert heard == [
        IncidentSupervised(
            incident_id=row.pk, outcome="satisfied", actor=person("supervisor"), at=at
        )
    ]
    assert AuditEvent.objects.get(verb="incident.supervised").detail["answers"] == made.answers


def test_a_closed_incident_is_checked_too(at: datetime) -> None:
    row = gate.closed(at=at)
    check(row, at)
    row.refresh_from_db()
    assert (row.state, row.supervised_at) == ("closed", at)


@pytest.mark.parametrize("who", ["officer_b", "handler", "inspector", "head", "worker", "nobody"])
def test_nobody_else_checks(at: datetime, row: Incident, who: str) -> None:
    with pytest.raises(PermissionDenied):
        check(row, at, actor=person(who))


def test_nobody_checks_their_own_attendance(at: datetime, row: Incident) -> None:
    supervisor = person("supervisor")
    response.record_arrival(incident_id=row.pk, actor=supervisor, at=at + timedelta(hours=1))
    with pytest.raises(PermissionDenied, match="another supervisor"):
        check(row, at)
    check(row, at, actor=colleague("brand"))


def test_before_anybody_attended_there_is_nothing_to_check(at: datetime) -> None:
    with pytest.raises(DomainError, match="nothing to check"):
        check(logged(at=at), at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answers": {"positive_action": "yes"}}, "evidence"),
        ({"answers": answers(children="perhaps")}, "children"),
        ({"answers": answers(bribe="yes")}, "bribe"),
        ({"outcome": "fine"}, "outcome"),
        ({"outcome": "action", "words": "Do it."}, "asked_of"),
        ({"outcome": "action", "words": " "}, "asked_of"),
        ({"answers": answers(evidence="no")}, "words"),
        ({"words": "bell \x07"}, "words"),
    ],
)
def test_a_check_that_is_not_whole(
    at: datetime, row: Incident, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(row, at, **changes)
    assert refused.value.field == field
    assert not SupervisionCheck.objects.exists()


def test_an_action_is_asked_in_words_of_somebody_who_was_sent(at: datetime, row: Incident) -> None:
    with pytest.raises(InvalidInput) as silent:
        check(row, at, outcome="action", asked_of=person("officer"))
    assert silent.value.field == "words"
    with pytest.raises(InvalidInput) as stranger:
        check(row, at, **ACTION, asked_of=person("worker"))
    assert stranger.value.field == "asked_of"
    made = check(row, at, **ACTION, asked_of=person("officer"))
    assert made.asked_of == person("officer")
    told = Notification.objects.get(user=person("officer"), reference=row.reference)
    assert "asks something of you" in told.headline


def test_the_same_check_again_is_one_and_another_supervisor_sees_it_first(
    at: datetime, row: Incident
) -> None:
    first = check(row, at, seen=0)
    assert check(row, at, seen=0) == first
    with pytest.raises(Stale, match=r"Sgt 1120 N\. Obi checked it"):
        check(row, at, actor=colleague("brand"), seen=0)
    check(row, at, actor=colleague("pell"), seen=first.pk)
    assert SupervisionCheck.objects.count() == 2


# --- Pages --------------------------------------------------------------------------------------


def typed(**changes: str) -> dict[str, str]:
    return {
        "seen": "0",
        "outcome": "satisfied",
        "words": "",
        "asked_of": "",
        **answers(),
        **changes,
    }


def test_the_officer_has_it_at_home_until_a_later_check_is_satisfied(sign_in: SignIn) -> None:
    row = attended("officer", "officer_b", at=clock.now() - timedelta(hours=1))
    supervisor, address = sign_in("supervisor"), f"/incidents/{row.reference}/supervision/"
    asked = str(person("officer").pk)
    answer = supervisor.post(address, typed(evidence="no", **{**ACTION, "asked_of": asked}))
    assert (answer.status_code, answer["Location"]) == (302, "/supervision/")
    officer = sign_in("officer")
    home = officer.get("/my-incidents/").content.decode()
    assert "Sgt 1120 N. Obi asks: Ask the neighbour at 16 what she heard." in home
    assert "asks:" not in sign_in("officer_b").get("/my-incidents/").content.decode()
    page = officer.get(f"/incidents/{row.reference}/").content.decode()
    assert "Ask the neighbour at 16 what she heard." in page
    newest = str(SupervisionCheck.objects.get().pk)
    supervisor.post(address, typed(seen=newest))
    assert "asks:" not in officer.get("/my-incidents/").content.decode()


def test_a_refused_check_keeps_what_was_typed(sign_in: SignIn) -> None:
    row = attended("officer", at=clock.now())
    address = f"/incidents/{row.reference}/supervision/"
    supervisor = sign_in("supervisor")
    page = supervisor.post(address, typed(outcome="action", words="Ring her sister."))
    assert page.status_code == 400
    assert "Ring her sister." in page.content.decode()
    assert "Say who does it." in page.content.decode()
    check(row, clock.now(), actor=colleague("brand"))
    stale = supervisor.post(address, typed(words="All well."))
    newest = SupervisionCheck.objects.get().pk
    assert stale.status_code == 409
    assert "All well." in stale.content.decode()
    assert f'name="seen" value="{newest}"' in stale.content.decode()
    assert supervisor.post(address, typed(seen=str(newest), words="All well.")).status_code == 302


def test_the_ranks_above_look_and_do_not_check(sign_in: SignIn) -> None:
    row = attended("officer", at=clock.now())
    for who in ("inspector", "head"):
        client, address = sign_in(who), f"/incidents/{row.reference}/supervision/"
        assert "Record the check" not in client.get(address).content.decode()
        assert client.post(address, typed()).status_code == 403
    for who in ("officer", "handler", "worker", "auditor"):
        assert sign_in(who).get("/supervision/").status_code == 403


# --- The list -----------------------------------------------------------------------------------


def person_team() -> Team:
    team = person("officer").team
    assert team is not None
    return team


def elsewhere(at: datetime) -> Incident:
    """An incident of another area, attended by another team."""
    area, _ = Area.objects.get_or_create(name="Marlow")
    team, _ = Team.objects.get_or_create(
        name="Marlow response",
        defaults={"kind": "response", "agency": person_team().agency, "area": area},
    )
    user = User.objects.create_user("marlow", name="PC 9 B. Ash", team=team)
    user.groups.set(person("officer").groups.all())
    row = attended("officer_b", at=at, area=area, people=())
    row.deployments.update(officer=user)
    return row


def test_own_area_first_then_any_area_team_and_age(sign_in: SignIn) -> None:
    now = clock.now()
    new = attended("officer", at=now - timedelta(hours=2))
    old = attended("officer", at=now - timedelta(days=4), people=())
    other = elsewhere(now - timedelta(hours=3))
    done = attended("officer", at=now - timedelta(hours=4), people=())
    check(done, now)
    open_call = logged(at=now, people=())
    supervisor = sign_in("supervisor")

    def shown(query: str) -> list[str]:
        page = supervisor.get(f"/supervision/?{query}").content.decode().split("By team")[0]
        listed = [row.reference for row in (new, old, other, done, open_call)]
        return [reference for reference in listed if reference in page]

    assert shown("") == [new.reference, old.reference]
    assert shown("area=all") == [new.reference, old.reference, other.reference]
    team = Team.objects.get(name="Marlow response")
    assert shown(f"area=all&team={team.pk}") == [other.reference]
    assert shown("age=72") == [old.reference]
    assert shown("area=%00&team=x&age=1&before=y~z") == [new.reference, old.reference]


def test_each_team_is_counted_with_its_oldest_the_own_one_first(sign_in: SignIn) -> None:
    now = clock.now()
    attended("officer", at=now - timedelta(hours=2))
    attended("officer", at=now - timedelta(hours=30), people=())
    elsewhere(now - timedelta(days=5))
    found = sign_in("supervisor").get("/supervision/").context["found"]
    counted = [(str(row.team), row.count, row.oldest) for row in found.tallies]
    assert counted == [
        ("Fenwick response", 2, Incident.objects.order_by("pk")[1].received_at),
        ("Marlow response", 1, Incident.objects.latest("pk").received_at),
    ]


def test_pages_follow_by_key_without_a_gap(sign_in: SignIn, monkeypatch: Any) -> None:
    monkeypatch.setattr("incidents.pages.supervision.ON_A_PAGE", 2)
    now = clock.now()
    rows = [attended("officer", at=now - timedelta(hours=hour), people=()) for hour in range(5)]
    supervisor, query, seen = sign_in("supervisor"), "", []
    for _ in range(3):
        found = supervisor.get(f"/supervision/?{query}").context["found"]
        seen += [row.incident.reference for row in found.rows]
        query = found.next_query
    assert query == ""
    assert seen == [row.reference for row in rows]


def test_the_list_asks_the_same_few_questions_however_long(
    sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    now = clock.now()
    supervisor = sign_in("supervisor")
    attended("officer", at=now)
    supervisor.get("/supervision/")
    with django_assert_num_queries(13) as few:
        supervisor.get("/supervision/")
    for hour in range(4):
        attended("officer", at=now - timedelta(hours=hour), people=())
    with django_assert_num_queries(len(few)):
        supervisor.get("/supervision/")


def test_the_list_of_an_area_is_read_from_its_index() -> None:
    """The planner, told to prefer no scan of the table, takes the partial index in its order."""
    from incidents.pages.supervision import Filters, of_filters

    area = Area.objects.get_or_create(name="Fenwick")[0]
    supervisor = person("supervisor")
    rows = of_filters(supervisor, Filters(area=str(area.pk)), clock.now())[:26]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.explain()
    assert "incident_not_supervised" in plan


def test_the_export_is_what_the_filters_show_and_on_record(sign_in: SignIn) -> None:
    now = clock.now()
    row = attended("officer", at=now - timedelta(hours=50))
    elsewhere(now)
    answer = sign_in("supervisor").get("/supervision/export/?age=24")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    table = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    assert table[0][:4] == ["Incident", "Received", "Closed", "Days"]
    assert [line[0] for line in table[1:]] == [row.reference]
    assert table[1][3] == "2"
    assert table[1][7] == "Siobhán O'Neill"
    taken = AuditEvent.objects.get(verb="supervision.exported")
    assert taken.detail["references"] == [row.reference]
