"""A year of three conferences and twelve agencies, lived through the services by a script.

Cases are proposed, answered, listed, heard and closed, agencies answer, sign, come or stay away,
actions are agreed and settled or not. Given the same size it is always the same year.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import Group

from accounts.models import Agency, Area, Team, User
from accounts.roles import Role
from core.clock import local
from marac import services
from marac.models import Conference, ConferenceMember, Hearing, MaracAction, MaracCase, Meeting
from marac.services.cases.describing import describe_case
from marac.services.population import import_population
from tests.factories import marac, victims
from tests.personas import PASSWORD, person, team
from victims.models import Person, Victim

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)
CONFERENCES = ("Fenwick", "Marlow", "Tarrant")
KINDS = ("housing", "health", "children", "adults", "education", "probation", "voluntary")
ANSWERS = ("yes", "no", "no", "not_known")
#: Half past midnight of 1 April on the wall clock: the second quarter, though UTC says March.
AT_NIGHT = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
TABLE = """conference,year,adult_women,source
Fenwick,2024,9000,Census
Fenwick,2026,4000,Census
Marlow,2025,"5,000",Census
Tarrant,2026,3000,Census
"""
_SYLLABLES = ("bar", "den", "hol", "mar", "tek", "vis", "rum", "pol", "gan", "sed", "fur", "loc")


@dataclass
class Year:
    """What the script keeps in hand while it goes."""

    chance: random.Random
    size: int
    conferences: list[Conference] = field(default_factory=list)
    agencies: list[tuple[Agency, User]] = field(default_factory=list)
    #: Pairs that were heard, by conference: who may be proposed again.
    heard: dict[int, list[tuple[datetime, Victim, Person | None, MaracCase]]] = field(
        default_factory=dict
    )
    proposed: int = 0
    keys: int = 0

    def key(self) -> UUID:
        self.keys += 1
        return UUID(int=self.keys)


def live(size: int) -> Year:
    """So many cases, heard over a year."""
    year = Year(random.Random(20261123), size)
    _county(year)
    meetings = list(_meetings(year))
    for place, meeting in enumerate(meetings):
        share = (size - year.proposed) // (len(meetings) - place)
        _meet(year, meeting, max(1, share))
    return year


def _county(year: Year) -> None:
    for name in CONFERENCES:
        conference = marac.conference(name, area=name, monthly_capacity=40, weekly_capacity=40)
        year.conferences.append(conference)
        year.heard[conference.pk] = []
    year.agencies.append((team("maru").agency, person("worker")))
    for number in range(11):
        year.agencies.append(_agency(number))
    for conference in year.conferences:
        ConferenceMember.objects.filter(conference=conference).delete()
        for place, (agency, _) in enumerate(year.agencies):
            ConferenceMember.objects.create(conference=conference, agency=agency, is_core=place < 2)
    import_population(
        content=TABLE.encode(), actor=person("coordinator"), at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def _agency(number: int) -> tuple[Agency, User]:
    agency = Agency.objects.create(name=f"Partner {number}", kind=KINDS[number % len(KINDS)])
    own = Team.objects.create(name=f"Partner {number}", kind=Team.Kind.PARTNER, agency=agency)
    user = User.objects.create_user(
        f"partner-{number}", PASSWORD, name=f"Speaker {number}", team=own,
        email=f"partner-{number}@example.invalid",
    )  # fmt: skip
    user.groups.add(Group.objects.get(name=Role.AGENCY_REPRESENTATIVE))
    Team.objects.filter(pk=own.pk).update(supervisor=user)
    return agency, User.objects.get(pk=user.pk)


def _meetings(year: Year) -> Iterator[Meeting]:
    """Those that are held, in order: each month's, some weekly calls, one emergency at night."""
    keeper = person("coordinator")
    at = datetime.combine(FIRST - 10 * DAY, datetime.min.time(), tzinfo=UTC) + 9 * HOUR
    while at.date() < LAST:
        for conference in year.conferences:
            services.plan_meetings(conference_id=conference.pk, actor=keeper, at=at)
        at += 70 * DAY
    services.plan_emergency(
        conference_id=year.conferences[1].pk,
        starts_at=AT_NIGHT,
        place="By telephone, 01632 960401",
        actor=keeper,
        at=AT_NIGHT - 3 * DAY,
    )
    rows = Meeting.objects.select_related("conference").order_by("starts_at", "pk")
    for row in rows:
        if FIRST <= local(row.starts_at).date() <= LAST and _is_held(year, row):
            yield row


def _is_held(year: Year, meeting: Meeting) -> bool:
    if meeting.kind == Meeting.Kind.WEEKLY:
        every = 52 if year.size < 100 else 13
        return meeting.starts_at.isocalendar().week % every == 7
    if meeting.kind == Meeting.Kind.MONTHLY and year.size < 100:
        return local(meeting.starts_at).month % 3 == 1
    return True


def _meet(year: Year, meeting: Meeting, cases: int) -> None:
    """One meeting, from what is proposed to it until its actions are settled."""
    emergency = meeting.kind == Meeting.Kind.EMERGENCY
    ready = meeting.agenda_due_at - (HOUR if emergency else 4 * DAY)
    for _ in range(cases):
        case = _case(year, meeting.conference, ready - 20 * DAY * year.chance.random())
        services.list_case(
            meeting_id=meeting.pk, case_id=case.pk, actor=person("coordinator"),
            at=meeting.agenda_due_at if emergency else ready + HOUR,
        )  # fmt: skip
    meeting.refresh_from_db()
    if meeting.agenda_out_at is None:
        services.send_agenda(
            meeting_id=meeting.pk, actor=person("coordinator"), at=ready + 2 * HOUR
        )
    _gather(year, meeting)
    hearings = Hearing.objects.filter(meeting=meeting, state="waiting").order_by("position")
    at = meeting.starts_at
    for hearing in hearings.select_related("case__victim", "case__perpetrator"):
        at += 8 * MINUTE
        _hear(year, meeting, hearing, at)
    services.end_meeting(meeting_id=meeting.pk, actor=person("chair"), at=at + 10 * MINUTE)
    _settle(year, meeting)


def _case(year: Year, conference: Conference, at: datetime) -> MaracCase:
    """A case proposed and accepted: of new people, or of two whom this conference heard before."""
    year.proposed += 1
    heard = year.heard[conference.pk]
    before = [one for one in heard if one[0] < at - DAY]
    agency, speaker = year.chance.choice(year.agencies)
    if before and year.chance.random() < 0.2:
        again = year.chance.choice(before)
        heard.remove(again)
        _, victim, harms, earlier = again
        _close(year, earlier, at - HOUR)
    else:
        victim, harms = _people(year, conference, at)
    case = services.propose(
        victim_id=victim.pk,
        perpetrator_id=harms.pk if harms else None,
        source="worker" if agency.kind == "police" else "agency",
        words="Threats since the separation.",
        below_reason="She will not be alone at home again.",
        children=year.chance.choice((0, 0, 1, 2, 3)),
        actor=speaker,
        at=at,
    )
    if case.state == MaracCase.State.PROPOSED:
        case = services.decide_case(
            case_id=case.pk, accept=True, words="", version=case.version,
            actor=person("coordinator"), at=at + HOUR,
        )  # fmt: skip
    said = {name: year.chance.choice(ANSWERS) for name in ("minority_ethnic", "lgbt", "disability")}
    return describe_case(
        case_id=case.pk, children=case.children, version=case.version, **said,
        actor=person("coordinator"), at=at + 2 * HOUR,
    )  # fmt: skip


def _close(year: Year, case: MaracCase, at: datetime) -> None:
    """Half of the cases of those heard before were closed: the next one is a case of its own."""
    case.refresh_from_db()
    is_settled = not case.actions.filter(state=MaracAction.State.OPEN).exists()
    if case.state == "accepted" and is_settled and year.chance.random() < 0.5:
        services.close_case(
            case_id=case.pk, because="done", words="", version=case.version,
            actor=person("coordinator"), at=at,
        )  # fmt: skip


def _people(year: Year, conference: Conference, at: datetime) -> tuple[Victim, Person | None]:
    chance = year.chance
    first, second = _name(year.proposed, 0), _name(year.proposed, 1)
    who = victims.person(
        first, second, _born(chance, at, least=15), at=at,
        sex=chance.choice(("female", "female", "female", "male", "unknown")),
    )  # fmt: skip
    _only_the_year(chance, who, at)
    row = victims.victim(who, at=at)
    area = Area.objects.get(name=conference.name)
    Victim.objects.filter(pk=row.pk).update(area=area)
    if chance.random() < 0.1:
        return row, None
    harms = victims.person(second[::-1].title(), first[::-1].title(), _born(chance, at, 14), at=at)
    return row, harms


def _name(number: int, place: int) -> str:
    digits = [number // 12**power % 12 for power in range(3)]
    turned = digits[place:] + digits[:place]
    return "".join(_SYLLABLES[one] for one in turned).title()


def _born(chance: random.Random, at: datetime, least: int) -> date | None:
    """Many near the ages that the return asks for, and some of whom it is not known."""
    if chance.random() < 0.15:
        return None
    years = least + 4 * chance.random() if chance.random() < 0.3 else 19 + 50 * chance.random()
    return at.date() - timedelta(days=round(365.25 * years))


def _only_the_year(chance: random.Random, who: Person, at: datetime) -> None:
    """Of half of those without a birth date the year is known."""
    if who.date_of_birth is None and chance.random() < 0.5:
        year = at.year - chance.choice((15, 16, 17, 18, 19, 40))
        Person.objects.filter(pk=who.pk).update(birth_year=year)


def _gather(year: Year, meeting: Meeting) -> None:
    """The chair begins; some agencies come, some send apologies, some do neither."""
    chair, keeper = person("chair"), person("coordinator")
    early = meeting.starts_at - 30 * MINUTE
    for user in (chair, keeper):
        services.sign(meeting_id=meeting.pk, actor=user, at=early)
        services.come_in(meeting_id=meeting.pk, actor=user, at=early)
    for agency, speaker in year.agencies:
        does = year.chance.random()
        if does < 0.15:
            services.answer_invitation(
                meeting_id=meeting.pk, agency_id=agency.pk, coming=False, apologies="Away.",
                actor=speaker, at=early - HOUR,
            )  # fmt: skip
        elif does < 0.5:
            services.sign(meeting_id=meeting.pk, actor=speaker, at=early)
            services.come_in(meeting_id=meeting.pk, actor=speaker, at=early)
    services.begin_meeting(
        meeting_id=meeting.pk, no_quorum_reason="It cannot wait.", actor=chair, at=meeting.starts_at
    )


def _hear(year: Year, meeting: Meeting, hearing: Hearing, at: datetime) -> None:
    chair = person("chair")
    weekly = meeting.kind == Meeting.Kind.WEEKLY
    stages = ("present", "actions") if weekly else ("present", "share", "analyse", "actions")
    for number, stage in enumerate(stages):
        hearing = services.go_on(
            hearing_id=hearing.pk, to=stage, version=hearing.version, actor=chair,
            at=at + number * MINUTE,
        )  # fmt: skip
        if number == 0 and year.chance.random() < 0.05:
            services.defer_case(
                hearing_id=hearing.pk, words="Nobody knows where she is.",
                version=hearing.version, actor=chair, at=at + MINUTE,
            )  # fmt: skip
            return
    for _ in range(year.chance.choice((0, 1, 1, 2))):
        agency, _ = year.chance.choice(year.agencies)
        services.agree_action(
            hearing_id=hearing.pk, agency_id=agency.pk, words="Fit a camera and test it.",
            due_on=local(at).date() + 10 * DAY, key=year.key(), actor=chair, at=at + 5 * MINUTE,
        )  # fmt: skip
    services.conclude_case(
        hearing_id=hearing.pk, version=hearing.version, actor=chair, at=at + 6 * MINUTE
    )
    case = hearing.case
    year.heard[meeting.conference_id].append((at, case.victim, case.perpetrator, case))


def _settle(year: Year, meeting: Meeting) -> None:
    """Of the actions most are done, in time or late; some are not done, overtaken or left open."""
    for action in MaracAction.objects.filter(hearing__meeting=meeting).order_by("pk"):
        state = year.chance.choice(("done", "done", "done", "not_done", "overtaken", ""))
        if state:
            services.settle_action(
                action_id=action.pk, state=state, evidence="As written in the file.",
                version=action.version, actor=person("coordinator"),
                at=action.due_at + timedelta(days=year.chance.randrange(-8, 6)),
            )  # fmt: skip
