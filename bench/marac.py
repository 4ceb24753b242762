"""An agenda builder, a live meeting and its feed over HTTP, with one and ten years behind them.

    python -m bench.marac

Three conferences, twelve agencies. Behind stand monthly meetings of eighteen cases each, with their
research, lines, actions and minutes' worth of attendance. Measured are the builder of a meeting of
40 cases with 60 more waiting, the live page of a meeting that is at its fortieth case, and the feed
that every open live page asks each second: with nothing new, and with everything anew. The floor is
a signed-in page with 25 rows, by turns with ours; the note tells how many queries each costs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, product
from typing import Any, TypeVar
from uuid import UUID

from bench import scratch, served
from bench.table import Row, show

from django.contrib.auth.models import Group  # isort: skip
from django.db import connection, models, transaction  # isort: skip
from django.test import Client as TestClient  # isort: skip
from django.test.utils import CaptureQueriesContext, override_settings  # isort: skip

from accounts.models import Agency, Area, Team, User  # isort: skip
from accounts.roles import Role  # isort: skip
from core import clock  # isort: skip
from marac.models import (  # isort: skip
    Attendance,
    Conference,
    ConferenceArea,
    ConferenceMember,
    Hearing,
    HearingLine,
    Invitation,
    MaracAction,
    MaracCase,
    Meeting,
    ResearchRequest,
)
from victims.models import Person, Victim  # isort: skip

YEARS = (1, 10)
#: Ours shows a whole meeting; the floor is 25 rows by one query.
AIM = 6.0
#: A page of ten years over one of a single year.
FLAT = 1.5
REQUESTS = 160
AGENCIES, CONFERENCES, CASES, WAITING, A_MEETING = 12, 3, 40, 60, 18
RESEARCH, LINES, ACTIONS = 12, 6, 2
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EMPTIED = (
    *("marac_conference", "marac_meeting", "marac_maraccase", "marac_population"),
    *("deadlines_deadline", "victims_victim", "victims_person"),
)
ANALYSED = (
    *("marac_meeting", "marac_hearing", "marac_maraccase", "marac_hearingline"),
    *("marac_researchrequest", "marac_maracaction", "marac_attendance", "marac_invitation"),
    *("victims_victim", "victims_person"),
)
Of = TypeVar("Of", bound=models.Model)


@dataclass(frozen=True)
class County:
    """Who takes part, and where."""

    keeper: User
    chair: User
    people: list[User]
    agencies: list[Agency]
    conferences: list[Conference]
    team: Team
    at: datetime


@dataclass(frozen=True)
class Place:
    """A page that is measured, and what it must show to be worth measuring."""

    name: str
    path: str
    shows: str
    expected: int = 200


def run(requests: int = REQUESTS) -> list[Row]:
    rows: list[Row] = []
    spent: dict[str, list[tuple[float, int]]] = {}
    for years in YEARS:
        county = people()
        places = prepare(county, years)
        with served.gunicorn() as (port, peak):
            for place in places:
                queries = queries_of(county.keeper, place)
                ours, floor = _asked(port, county.keeper, place, requests)
                spent.setdefault(place.name, []).append((ours.p95 / floor.p95, queries))
                rows.append(
                    Row(
                        f"{place.name}, {years} year{'s' * (years > 1)} behind: p95",
                        ours.p95 / floor.p95,
                        AIM,
                        str(ours),
                        f"bare page {floor}",
                        f"{queries} queries; web worker {peak()} MB",
                    )
                )
    return [*rows, *_grown(spent)]


def _grown(spent: dict[str, list[tuple[float, int]]]) -> Iterator[Row]:
    """Each page's ratio at the most years over that at the fewest; queries must be as many."""
    for name, runs in spent.items():
        (little, few), (much, many) = runs[0], runs[-1]
        if few != many:
            raise AssertionError(f"{name}: {few} queries became {many}")
        yield Row(
            f"{name}: growth from {YEARS[0]} to {YEARS[-1]} years",
            much / little,
            FLAT,
            f"{much:.2f} bare pages",
            f"{little:.2f} bare pages",
            f"{many} queries both times",
        )


def _asked(
    port: int, user: User, place: Place, requests: int
) -> tuple[served.Timings, served.Timings]:
    def ours(client: served.Client, _: int) -> tuple[int, str]:
        return client.get(place.path)

    def bare(client: served.Client, _: int) -> tuple[int, str]:
        return client.get("/bare/")

    expected = (place.expected,)
    served.timed(port, [user], ours, requests=served.CLIENTS * 4, expected=expected)
    served.timed(port, [user], bare, requests=served.CLIENTS * 4)
    floor, mine = served.by_turns(
        port, [user], floor=bare, ours=ours, requests=requests, expected=expected
    )
    return mine, floor


def queries_of(user: User, place: Place) -> int:
    """How many queries the page costs when it was opened before, and that it shows what it must."""
    client = TestClient()
    client.force_login(user, backend=served.BACKEND)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client.get(place.path)
        with CaptureQueriesContext(connection) as found:
            answer = client.get(place.path)
    words = answer.content.decode()
    if answer.status_code != place.expected or place.shows not in words:
        raise AssertionError(f"{place.name}: {answer.status_code} {words[:500]}")
    return len(found)


def people() -> County:
    """Coordinator, chair and one speaker of each agency; three conferences of twelve agencies."""
    scratch.empty(*EMPTIED)
    police, _ = Agency.objects.get_or_create(name="Bench", defaults={"kind": "police"})
    area, _ = Area.objects.get_or_create(name="Bench")
    team, _ = Team.objects.get_or_create(
        name="Bench conferences", defaults={"kind": "marac", "agency": police}
    )
    keeper = _person("bench-keeper", Role.MARAC_COORDINATOR, team)
    chair = _person("bench-chair", Role.MARAC_CHAIR, team)
    agencies, speakers = [], []
    for number in range(AGENCIES):
        agency, _ = Agency.objects.get_or_create(
            name=f"Bench agency {number}", defaults={"kind": "housing"}
        )
        own, _ = Team.objects.get_or_create(
            name=f"Bench agency {number}", defaults={"kind": "partner", "agency": agency}
        )
        agencies.append(agency)
        speakers.append(_person(f"bench-speaker-{number}", Role.AGENCY_REPRESENTATIVE, own))
    conferences = [_conference(number, team, chair, keeper) for number in range(CONFERENCES)]
    ConferenceArea.objects.create(conference=conferences[0], area=area)
    ConferenceMember.objects.bulk_create(
        ConferenceMember(conference=one, agency=agency, is_core=place < 2)
        for one in conferences
        for place, agency in enumerate(agencies)
    )
    return County(keeper, chair, speakers, agencies, conferences, team, clock.now())


def _person(username: str, role: Role, team: Team) -> User:
    user, _ = User.objects.get_or_create(
        username=username, defaults={"name": username, "team": team}
    )
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


def _conference(number: int, team: Team, chair: User, keeper: User) -> Conference:
    return Conference.objects.create(
        name=f"Bench {number}",
        team=team,
        chair=chair,
        coordinator=keeper,
        weekly_day=1,
        weekly_at="10:00",
        weekly_place="By telephone",
        monthly_week=2,
        monthly_day=3,
        monthly_at="09:30",
        monthly_place="Room 2",
    )


def prepare(county: County, years: int) -> list[Place]:
    """So many years of meetings, one that is ahead and one that is under way."""
    with transaction.atomic(), connection.cursor() as cursor:
        # In bulk, without the triggers that every single row would otherwise start.
        cursor.execute("SET LOCAL session_replication_role = replica")
        made = Made(county)
        for month, conference in product(range(12 * years), county.conferences):
            made.meeting(conference, county.at - (20 + 30 * month) * DAY, A_MEETING, "held")
        ahead = made.meeting(county.conferences[0], county.at + 30 * DAY, CASES, "planned")
        now = made.meeting(county.conferences[0], county.at - HOUR, CASES, "under_way")
        made.cases(county.conferences[0], county.at - 2 * DAY, WAITING)
        made.write()
    scratch.settle_sequences()
    scratch.analyse(*ANALYSED)
    live = f"/marac/meetings/{now.reference}/live/"
    last = f"MC-B{made.last_of(now)}"
    return [
        Place("agenda builder, 40 cases", f"/marac/meetings/{ahead.reference}/agenda/", "MC-B"),
        Place("live page, 40 cases", live, last),
        Place("live feed, all anew", f"{live}changes/?after=0", '"fragments"'),
        Place("live feed, nothing new", f"{live}changes/?after={now.changes}", "", 204),
    ]


class Made:
    """Rows with keys of our own, written at the end."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.rows: dict[type[models.Model], list[Any]] = {}
        self.keys = count(1)
        self.last: dict[int, int] = {}

    def _add(self, row: Of) -> Of:
        row.pk = next(self.keys)
        self.rows.setdefault(type(row), []).append(row)
        return row

    def write(self) -> None:
        order: Iterable[type[models.Model]] = (
            *(Person, Victim, Meeting, Invitation, Attendance, MaracCase, Hearing),
            *(ResearchRequest, HearingLine, MaracAction),
        )
        for model in order:
            model._default_manager.bulk_create(self.rows[model], batch_size=2_000)

    def last_of(self, meeting: Meeting) -> int:
        return self.last[meeting.pk]

    def meeting(self, conference: Conference, at: datetime, cases: int, state: str) -> Meeting:
        """With everybody invited, those of the past and the present signed and there."""
        begun = state != "planned"
        row = self._add(
            Meeting(
                reference=f"MM-B{next(self.keys)}",
                conference=conference,
                kind="monthly",
                state=state,
                starts_at=at,
                place="Room 2",
                capacity=18,
                over_capacity_reason="They cannot wait." if cases > A_MEETING else "",
                chair=self.county.chair,
                coordinator=self.county.keeper,
                cut_off_at=at - 8 * DAY,
                agenda_due_at=at - 7 * DAY,
                agenda_out_at=at - 7 * DAY if begun else None,
                began_at=at if begun else None,
                ended_at=at + 3 * HOUR if state == "held" else None,
                changes=10_000 if begun else 0,
            )
        )
        self._people(row, at, begun)
        for place, case in enumerate(self.cases(conference, at - 20 * DAY, cases), 1):
            is_last = state == "under_way" and place == cases
            stage = "waiting" if not begun else "share" if is_last else "concluded"
            self._hearing(row, case, place, stage, at)
            self.last[row.pk] = case.pk
        return row

    def _people(self, meeting: Meeting, at: datetime, begun: bool) -> None:
        county = self.county
        for agency in county.agencies:
            state = "attended" if begun else "invited"
            self._add(
                Invitation(meeting=meeting, agency=agency, state=state, invited_at=at - 20 * DAY)
            )
        there = [*zip(county.people, county.agencies, strict=True)] if begun else []
        police = county.team.agency
        for person, agency in [*there, (county.chair, police), (county.keeper, police)]:
            self._add(
                Attendance(
                    meeting=meeting,
                    person=person,
                    agency=agency,
                    added_at=at - 9 * DAY,
                    added_by=county.keeper,
                    signed_at=at - DAY if begun else None,
                    statement=1 if begun else None,
                    present_at=at if begun else None,
                )
            )

    def cases(self, conference: Conference, at: datetime, number: int) -> list[MaracCase]:
        return [self._case(conference, at) for _ in range(number)]

    def _case(self, conference: Conference, at: datetime) -> MaracCase:
        victim, harms = self._victim(at), self._who(at)
        key = next(self.keys)
        row = self._add(
            MaracCase(
                conference=conference,
                victim=victim,
                perpetrator=harms,
                state="accepted",
                source="worker",
                agency=self.county.agencies[key % AGENCIES],
                proposed_by=self.county.keeper,
                proposed_at=at,
                words="Threats since the separation.",
                decided_at=at,
                decided_by=self.county.keeper,
                children=key % 3,
            )
        )
        row.reference = f"MC-B{row.pk}"
        return row

    def _who(self, at: datetime) -> Person:
        key = next(self.keys)
        return self._add(
            Person(
                reference=f"P-M{key}", given_name="Name", family_name=f"Name{key}", created_at=at
            )
        )

    def _victim(self, at: datetime) -> Victim:
        team = self.county.team
        return self._add(
            Victim(
                reference=f"V-M{next(self.keys)}",
                person=self._who(at),
                grade="very_high",
                grade_since=at,
                contact_team=team,
                risk_team=team,
                plan_team=team,
                created_at=at,
            )
        )

    def _hearing(
        self, meeting: Meeting, case: MaracCase, place: int, stage: str, at: datetime
    ) -> None:
        begun = stage != "waiting"
        row = self._add(
            Hearing(
                meeting=meeting,
                case=case,
                victim=case.victim,
                part="children" if case.children else "adults",
                position=place,
                state=stage,
                listed_at=at - 10 * DAY,
                listed_by=self.county.keeper,
                began_at=at if begun else None,
                ended_at=at if stage == "concluded" else None,
                wanted="To stay in her home.",
                wanted_at=at - DAY,
            )
        )
        for agency in self.county.agencies[:RESEARCH]:
            self._research(row, agency, at, begun)
        if begun:
            for number in range(LINES):
                self._line(row, number, at)
            for number in range(ACTIONS):
                self._action(row, number, at)

    def _research(self, hearing: Hearing, agency: Agency, at: datetime, begun: bool) -> None:
        self._add(
            ResearchRequest(
                hearing=hearing,
                victim=hearing.victim,
                agency=agency,
                team=self.county.people[0].team,
                state="returned" if begun else "asked",
                asked_at=at - 7 * DAY,
                asked_by=self.county.keeper,
                due_at=at - 2 * DAY,
                words="Known since 2019; two tenancies." if begun else "",
                returned_at=at - 3 * DAY if begun else None,
            )
        )

    def _line(self, hearing: Hearing, number: int, at: datetime) -> None:
        key = next(self.keys)
        self._add(
            HearingLine(
                hearing=hearing,
                victim=hearing.victim,
                section="share",
                agency=self.county.agencies[number % AGENCIES],
                words="She asked for the locks to be changed; it was done on the day.",
                by=self.county.people[number % AGENCIES],
                at=at,
                number=number + 1,
                key=UUID(int=key),
            )
        )

    def _action(self, hearing: Hearing, number: int, at: datetime) -> None:
        key, agency = next(self.keys), self.county.agencies[number % AGENCIES]
        is_old = at < self.county.at - 30 * DAY
        self._add(
            MaracAction(
                reference=f"MA-B{key}",
                hearing=hearing,
                case=hearing.case,
                victim=hearing.victim,
                agency=agency,
                team=self.county.people[number % AGENCIES].team,
                words="Fit a camera and test it.",
                due_on=(at + 14 * DAY).date(),
                due_at=at + 14 * DAY,
                state="done" if is_old else "open",
                agreed_at=at,
                agreed_by=self.county.chair,
                settled_at=at + 9 * DAY if is_old else None,
                evidence="Fitted." if is_old else "",
                key=UUID(int=key),
                number=number + LINES + 1,
            )
        )


if __name__ == "__main__":
    print(show(run()))
    print(f"peak memory {scratch.peak_memory_mb()} MB")
