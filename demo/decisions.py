"""What people of the force decided and agreed in the last weeks: one of each, through the services.

Notices and orders, disclosure, judgement, statements, handing over, cover, plans to stop somebody.
Each is a happening with its instant; `demo.aftermath` plays them among all the others.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from accounts.models import User
from demo import decision_words as words
from demo.people import Force
from incidents.models import Incident, Involvement
from perpetrators.models import Order, SerialRecognition
from perpetrators.services import disclosure, management, orders, serial
from perpetrators.services.orders import Condition
from referrals import services as referrals
from referrals.models import IdvaCase
from risk import services as risk
from risk.models import Assessment
from victims.models import Duty, PersonalStatement, Victim
from victims.services import absences, circumstances, duties, statements

Happening = tuple[datetime, Callable[[datetime], object]]

_CONDITIONS = (
    Condition("no_contact", "with her, directly or through others"),
    Condition("keep_away", "from Tanglewood Court and the school"),
)
#: Unknown answers are told of assessments submitted since.
_UNKNOWN_SINCE = timedelta(days=6)


@dataclass(frozen=True)
class Story:
    """Siobhán O'Neill, Darren Pike and the two incidents that the demo's path goes through."""

    victim: Victim
    person_id: int
    autumn: Incident
    yesterday: Incident


def story_of(autumn: int, yesterday: int) -> Story:
    """The people of these two incidents."""
    parties = Involvement.objects.filter(incident=yesterday)
    return Story(
        Victim.objects.get(involvements__in=parties.filter(role="victim")),
        parties.get(role="perpetrator").person_id,
        Incident.objects.get(pk=autumn),
        Incident.objects.get(pk=yesterday),
    )


class Decisions:
    """Says what is decided when; `at` is where the year ends."""

    def __init__(self, force: Force, at: datetime) -> None:
        self.users, self.at = force.users, at

    def _ago(self, **time: float) -> datetime:
        return self.at - timedelta(**time)

    # --- The story -------------------------------------------------------------------------------

    def of_the_story(self, story: Story) -> Iterator[Happening]:
        """An order since autumn; a notice that waits for the superintendent; her statement; an
        adviser since last night."""
        yield self._ago(hours=20), partial(self._ask_for_adviser, story.victim.pk)
        yield self._ago(hours=18), partial(self._give_adviser, story.victim.pk)
        investigator = self.users["investigator"]
        made = story.autumn.received_at + timedelta(days=9)
        yield (
            made + timedelta(hours=3),
            lambda moment: orders.record_order(
                victim_id=story.victim.pk,
                person_id=story.person_id,
                kind=Order.Kind.NON_MOLESTATION,
                court="Ashmere Family Court",
                made_at=made,
                until=(self.at + timedelta(days=110)).date(),
                conditions=_CONDITIONS[:1],
                actor=investigator,
                at=moment,
            ),
        )
        yield (
            self._ago(minutes=50),
            lambda moment: orders.ask_for_notice(
                victim_id=story.victim.pk,
                person_id=story.person_id,
                incident_id=story.yesterday.pk,
                grounds=words.NOTICE_GROUNDS,
                victims_view=words.NOTICE_VIEW,
                conditions=_CONDITIONS,
                actor=investigator,
                at=moment,
            ),
        )
        yield self._ago(days=30), lambda moment: self._statement(story, moment)

    def _ask_for_adviser(self, victim_id: int, moment: datetime) -> None:
        referrals.refer_to_advisers(
            victim_id=victim_id,
            reason=words.ADVISER,
            victim_agrees=True,
            lower_risk_words=words.ADVISER_BELOW_HIGH,
            actor=self.users["worker"],
            at=moment,
        )

    def _give_adviser(self, victim_id: int, moment: datetime) -> None:
        case = IdvaCase.objects.open().get(victim=victim_id)
        referrals.accept_idva_case(
            case_id=case.pk,
            to=self.users["idva"],
            version=case.version,
            actor=self.users["idva.manager"],
            at=moment,
        )

    def _statement(self, story: Story, moment: datetime) -> None:
        by = self.users["investigator"]
        row = statements.offer_statement(
            victim_id=story.victim.pk, about=story.autumn.reference, actor=by, at=moment
        )
        later = moment + timedelta(days=4)
        row = statements.answer_statement(
            statement_id=row.pk,
            answer=PersonalStatement.Answer.WANTED,
            words="",
            version=row.version,
            actor=by,
            at=later,
        )
        statements.take_statement(
            statement_id=row.pk,
            text=words.STATEMENT,
            wants_read_aloud=None,
            version=row.version,
            actor=by,
            at=later + timedelta(hours=1),
        )

    # --- Other people ----------------------------------------------------------------------------

    def of_others(self) -> Iterator[Happening]:
        """Judgement, disclosure, circumstances and handing over, about victims at medium risk."""
        medium = list(
            Victim.objects.open().filter(grade="medium").order_by("-last_incident_at", "pk")[:9]
        )
        harmed = [(victim, _by_whom(victim)) for victim in medium]
        known = [(victim, person_id) for victim, person_id in harmed if person_id]
        if len(known) < 5:
            return
        yield self._ago(hours=19), lambda moment: self._apply(*known[0], moment)
        yield self._ago(days=9), lambda moment: self._disclose(*known[1], moment)
        yield self._ago(hours=3), lambda moment: self._judge_lower(known[2][0], moment)
        yield self._ago(days=2), lambda moment: self._separated(known[3][0], moment)
        yield self._ago(hours=6), lambda moment: self._hand_over([*medium[4:]], moment)
        yield self._ago(days=1), lambda moment: self._away(moment)

    def unknowns(self) -> Iterator[Happening]:
        """What assessments of the last days left unknown is owed since they were submitted."""
        for row in (
            Assessment.objects.filter(submitted_at__gt=self.at - _UNKNOWN_SINCE)
            .select_related("officer")
            .order_by("submitted_at", "pk")
        ):
            assert row.submitted_at is not None
            yield row.submitted_at, partial(_left_unknown, row)

    def serial(self) -> Iterator[Happening]:
        """Who harms several is found at night; one of them has a plan by the next day."""
        yield (
            self._ago(days=2),
            lambda moment: serial.find_all(actor=User.objects.system(), at=moment),
        )
        yield self._ago(days=1, hours=3), self._manage

    # --- Each of them ----------------------------------------------------------------------------

    def _apply(self, victim: Victim, person_id: int, moment: datetime) -> int:
        row = disclosure.record_application(
            victim_id=victim.pk,
            person_id=person_id,
            scheme="ask",
            applicant="Her mother",
            received_at=moment,
            reasons=words.ASKED,
            actor=self.users["worker"],
            at=moment,
        )
        return row.pk

    def _disclose(self, victim: Victim, person_id: int, moment: datetime) -> None:
        number = self._apply(victim, person_id, moment)
        disclosure.check_application(
            application_id=number,
            immediate_risk=False,
            words=words.CHECKED,
            actor=self.users["worker"],
            at=moment + timedelta(hours=7),
        )
        disclosure.decide_application(
            application_id=number,
            outcome="disclose",
            words=words.DISCLOSE,
            actor=self.users["manager"],
            at=moment + timedelta(days=6),
        )

    def _judge_lower(self, victim: Victim, moment: datetime) -> None:
        risk.judge(
            victim_id=victim.pk,
            grade="standard",
            reason=words.LOWER,
            actor=self.users["officer"],
            at=moment,
        )

    def _separated(self, victim: Victim, moment: datetime) -> None:
        circumstances.record_circumstance(
            victim_id=victim.pk,
            kind="separated",
            happened_at=moment - timedelta(hours=20),
            words=words.SEPARATED,
            actor=self.users["worker"],
            at=moment,
        )

    def _hand_over(self, victims: list[Victim], moment: datetime) -> None:
        """The first that is somebody else's: to the demo's officer, by who leads their team."""
        officer = self.users["officer"]
        for victim in victims:
            victim.refresh_from_db()
            leader = victim.contact_team.supervisor
            if leader is not None and victim.contact_owner != officer:
                duties.hand_over(
                    victim_id=victim.pk,
                    duty=Duty.CONTACT,
                    to=officer,
                    words=words.HANDED_OVER,
                    actor=leader,
                    at=moment,
                )
                return

    def _away(self, moment: datetime) -> None:
        """Whoever is away since an earlier load stays so: absences are not of a case."""
        person = self.users["l.moss"]
        if person.absences.filter(until_at__gt=moment).exists():
            return
        absences.arrange_absence(
            person=person,
            cover=self.users["officer"],
            from_at=moment + timedelta(hours=1),
            until_at=moment + timedelta(days=12),
            reason="Leave",
            actor=self.users["supervisor"],
            at=moment,
        )

    def _manage(self, moment: datetime) -> None:
        found = SerialRecognition.objects.filter(ended_at__isnull=True)
        row = found.order_by("-victim_count", "person").first()
        if row is None:
            return
        day = moment.date()
        management.write_plan(
            person_id=row.person_id,
            plan=management.Plan(
                aims=words.AIMS,
                measures=[
                    management.Measure(text, who, day + timedelta(days=days))
                    for text, who, days in words.MEASURES
                ],
                review_on=day + timedelta(days=28),
            ),
            owner=self.users["investigator"],
            actor=self.users["investigator"],
            at=moment,
        )


def _left_unknown(assessment: Assessment, moment: datetime) -> None:
    risk.note_unknowns(assessment_id=assessment.pk, actor=assessment.officer, at=moment)


def _by_whom(victim: Victim) -> int | None:
    """Who was complained of in the newest incident in which they were the victim."""
    newest = victim.involvements.filter(role="victim").order_by("-received_at").first()
    if newest is None:
        return None
    other = Involvement.objects.filter(incident=newest.incident_id, role="perpetrator").first()
    return other.person_id if other else None
