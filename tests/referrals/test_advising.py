"""The IDVA service is asked, answers, allocates: who has a victim's case, and who sees them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from accounts.models import Area, Team, User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from referrals import services
from referrals.models import IdvaCase
from tests.factories import victims
from tests.factories.advising import accepted, referred, service
from tests.factories.referrals import a_referral, claimed, completed, shared
from tests.personas import PEOPLE, person, team
from victims.models import Note, Victim, VictimAccess

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADVISERS = ("idva", "idva_b", "idva_manager")


def who_sees(victim: Victim) -> set[str]:
    """Of the service."""
    seen = Victim.objects.visible_to
    return {
        name
        for name in ADVISERS
        if seen(User.objects.get(username=name)).filter(pk=victim.pk).exists()
    }


def clock(case: Model, kind: str) -> Deadline:
    return Deadline.objects.get(kind=kind, subject_id=case.pk)


def told(case: IdvaCase) -> dict[str, str]:
    rows = Notification.objects.filter(reference=case.reference).select_related("user")
    return {row.user.username: row.headline for row in rows.order_by("pk")}


def test_whoever_leads_has_it_at_once(db: None, at: datetime) -> None:
    case = referred(at)
    assert (case.state, case.owner, case.team) == (
        "referred",
        person("idva_manager"),
        team("idva"),
    )
    assert who_sees(case.victim) == {"idva_manager"}
    [reason] = VictimAccess.objects.all()
    assert (reason.why, reason.source_id) == ("leads", case.pk)
    answer = clock(case, "idva_answer")
    assert (answer.owner, answer.due_at) == (case.owner, at + DAY)
    assert set(told(case)) == {"idva_manager"}
    assert case.victim.contact_team == team("response"), "nothing of the victim's moved yet"
    assert AuditEvent.objects.filter(verb="idva_case.referred", victim_id=case.victim_id).exists()


@pytest.mark.parametrize(
    ("agrees", "words", "grade", "lower", "field"),
    [
        (None, "", "high", "", "agreement_words"),
        (False, " ", "high", "", "agreement_words"),
        (True, "", "medium", "", "lower_risk_words"),
        (True, "", "", "", "lower_risk_words"),
        (True, "", "medium", "He is out on Friday.", ""),
        (False, "He was in the room.", "very_high", "", ""),
    ],
)
def test_what_must_be_said(
    db: None,
    at: datetime,
    agrees: bool | None,
    words: str,
    grade: str,
    lower: str,
    field: str,
) -> None:
    victim = victims.victim(grade=grade, at=at)

    def refer() -> IdvaCase:
        return referred(
            at, victim=victim, victim_agrees=agrees, agreement_words=words, lower_risk_words=lower
        )

    if not field:
        assert lower in refer().reason
        return
    with pytest.raises(InvalidInput) as refusal:
        refer()
    assert refusal.value.field == field
    assert not IdvaCase.objects.exists()


MAY_REFER = {"worker", "worker_b", "manager", "investigator", "supervisor"}


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_who_may_refer(db: None, at: datetime, who: str) -> None:
    if who in MAY_REFER:
        assert referred(at, actor=person(who)).referred_by == person(who)
        return
    with pytest.raises(PermissionDenied):
        referred(at, actor=person(who))


def test_one_open_case_and_none_of_a_closed_one(db: None, at: datetime) -> None:
    case = referred(at)
    with pytest.raises(AlreadyTaken, match=case.reference):
        referred(at, victim=case.victim)
    other = victims.victim(given_name="Ada", family_name="Birch", grade="high", at=at)
    Victim.objects.filter(pk=other.pk).update(closed_at=at, closed_reason="Moved away")
    with pytest.raises(DomainError, match="closed"):
        referred(at, victim=other)


def test_nobody_can_be_asked(db: None, at: datetime) -> None:
    """No service in the county, or nobody leads it: a referral by hand says so."""
    victim, worker = victims.victim(grade="high", at=at), person("worker")
    for _ in range(2):
        with pytest.raises(DomainError, match="can be asked"):
            services.refer_to_advisers(
                victim_id=victim.pk, reason="Court", victim_agrees=True, actor=worker, at=at
            )
        person("idva")  # an adviser whom nobody leads


def test_the_team_of_the_area_is_asked(db: None, at: datetime) -> None:
    service()
    north = Team.objects.create(name="North", kind="idva", agency=team("idva").agency)
    north.area = Area.objects.create(name="North")
    lead = User.objects.create_user("north_lead", name="N. Lead", team=north)
    lead.groups.set(person("idva_manager").groups.all())
    north.supervisor = lead
    north.save()
    hers = victims.victim(given_name="Ada", family_name="Birch", grade="high", at=at)
    Victim.objects.filter(pk=hers.pk).update(area=north.area)
    assert referred(at, victim=hers).owner == lead
    assert referred(at).owner == person("idva_manager")


@pytest.mark.parametrize("grade", ["high", "medium"])
def test_an_outcome_with_an_idva_asks_the_service(db: None, at: datetime, grade: str) -> None:
    service()
    referral = claimed(a_referral(at - HOUR, grade=grade), at)
    shared(referral, at)
    done = completed(referral, at, outcome="shared_idva")
    case = IdvaCase.objects.get()
    assert (case.referral, case.referred_by, case.grade) == (done, person("worker"), grade)
    assert (case.reason, case.victim_agrees) == (done.outcome_words, None)
    assert who_sees(case.victim) == {"idva_manager"}


def test_another_outcome_asks_nobody_and_one_who_is_supported_is_not_asked_twice(
    db: None, at: datetime
) -> None:
    service()
    completed(claimed(a_referral(at - HOUR, grade="high"), at), at)
    assert not IdvaCase.objects.exists()
    case = referred(at)
    referral = claimed(a_referral(at - HOUR, grade="high", victim=case.victim), at)
    shared(referral, at)
    completed(referral, at, outcome="shared_idva")
    assert IdvaCase.objects.get() == case


def test_an_outcome_where_nobody_can_be_asked_stands_and_is_said(db: None, at: datetime) -> None:
    person("manager")
    referral = claimed(a_referral(at - HOUR, grade="high"), at)
    shared(referral, at)
    assert completed(referral, at, outcome="shared_idva").state == "completed"
    assert not IdvaCase.objects.exists()
    assert AuditEvent.objects.get(verb="idva_case.nobody_to_ask").is_grave
    assert Notification.objects.filter(user=person("manager"), level="warning").exists()


def test_accepted_the_adviser_sees_them_and_answers_for_them(db: None, at: datetime) -> None:
    case = accepted(at)
    victim = Victim.objects.get(pk=case.victim_id)
    assert (case.state, case.owner, case.allocated_at) == ("accepted", person("idva"), at)
    assert who_sees(victim) == {"idva", "idva_manager"}, "the manager sees the team's"
    [standing] = VictimAccess.objects.filter(ended_at=None)
    assert (standing.person, standing.why) == (person("idva"), "client")
    assert victim.contact_owner == victim.plan_owner == person("idva")
    assert victim.contact_team == victim.plan_team == team("idva")
    assert victim.risk_team == team("response")
    assert clock(case, "idva_answer").state == "met"
    first = clock(case, "idva_first_contact")
    assert (first.owner, first.due_at) == (person("idva"), at + 2 * DAY)
    assert {"idva", "worker"} <= set(told(case))


def test_whoever_accepts_has_it_until_they_allocate(db: None, at: datetime) -> None:
    case, manager = referred(at), person("idva_manager")
    case = services.accept_idva_case(case_id=case.pk, version=case.version, actor=manager, at=at)
    assert (case.owner, who_sees(case.victim)) == (manager, {"idva_manager"})
    later = at + HOUR
    case = services.allocate_idva_case(
        case_id=case.pk, to=person("idva_b"), version=case.version, actor=manager, at=later
    )
    assert (case.owner, case.allocated_at) == (person("idva_b"), later)
    assert who_sees(case.victim) == {"idva_b", "idva_manager"}
    assert clock(case, "idva_first_contact").owner == person("idva_b")
    assert Victim.objects.get(pk=case.victim_id).contact_owner == person("idva_b")


def test_not_accepted(db: None, at: datetime) -> None:
    """The service sees the victim no more; who referred is told; somebody answers all the while."""
    case, manager = referred(at), person("idva_manager")
    case = services.refuse_idva_case(
        case_id=case.pk,
        because="no_room",
        words="Everybody has thirty clients.",
        version=case.version,
        actor=manager,
        at=at,
    )
    assert (case.state, case.refused_words) == ("refused", "Everybody has thirty clients.")
    assert who_sees(case.victim) == set()
    assert "not accepted" in told(case)["worker"]
    assert clock(case, "idva_answer").state == "met"
    victim = Victim.objects.get(pk=case.victim_id)
    assert victim.contact_team == team("response")
    event = AuditEvent.objects.get(verb="idva_case.refused")
    assert (event.victim_id, event.detail["words"]) == (victim.pk, case.refused_words)
    assert referred(at + HOUR, victim=victim).state == "referred", "it may be asked again"


@pytest.mark.parametrize(
    ("because", "words", "field"), [("", "Full", "because"), ("no_room", " ", "words")]
)
def test_not_accepting_needs_its_reason(
    db: None, at: datetime, because: str, words: str, field: str
) -> None:
    case = referred(at)
    with pytest.raises(InvalidInput) as refusal:
        services.refuse_idva_case(
            case_id=case.pk,
            because=because,
            words=words,
            version=1,
            actor=person("idva_manager"),
            at=at,
        )
    assert refusal.value.field == field
    case.refresh_from_db()
    assert case.state == "referred"


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"idva_manager"}))
def test_only_whoever_leads_answers_and_allocates(db: None, at: datetime, who: str) -> None:
    waiting, actor = referred(at), person(who)
    other = victims.victim(given_name="Ada", family_name="Birch", grade="high", at=at)
    supported = accepted(at, to="idva_b", victim=other)
    steps: list[Callable[[], object]] = [
        lambda: services.accept_idva_case(case_id=waiting.pk, version=1, actor=actor, at=at),
        lambda: services.refuse_idva_case(
            case_id=waiting.pk, because="other", words="No", version=1, actor=actor, at=at
        ),
        lambda: services.allocate_idva_case(
            case_id=supported.pk, to=person("idva"), version=2, actor=actor, at=at
        ),
    ]
    if who != "idva_b":
        steps += [
            lambda: services.pass_on_idva_case(
                case_id=supported.pk, to=person("idva"), words="x", version=2, actor=actor, at=at
            ),
            lambda: services.give_up_idva_contact(
                case_id=supported.pk, words="x", version=2, actor=actor, at=at
            ),
        ]
    for step in steps:
        with pytest.raises(PermissionDenied):
            step()


def test_answered_twice_and_stale(db: None, at: datetime) -> None:
    case, manager = accepted(at), person("idva_manager")
    with pytest.raises(AlreadyTaken, match="Whelan accepted"):
        services.accept_idva_case(case_id=case.pk, version=1, actor=manager, at=at)
    with pytest.raises(AlreadyTaken):
        services.refuse_idva_case(
            case_id=case.pk, because="other", words="No", version=1, actor=manager, at=at
        )
    with pytest.raises(Stale) as stale:
        services.allocate_idva_case(
            case_id=case.pk, to=person("idva_b"), version=1, actor=manager, at=at
        )
    assert (stale.value.theirs["owner"], stale.value.yours["owner"]) == ("R. Amadi", "S. Lindqvist")
    waiting = referred(
        at, victim=victims.victim(given_name="Ada", family_name="Birch", grade="high", at=at)
    )
    with pytest.raises(DomainError, match="Accept it first"):
        services.allocate_idva_case(
            case_id=waiting.pk, to=person("idva"), version=1, actor=manager, at=at
        )


def test_passed_on_with_words_and_access_moves(db: None, at: datetime) -> None:
    case = accepted(at)
    later = at + DAY
    with pytest.raises(InvalidInput):
        services.pass_on_idva_case(
            case_id=case.pk,
            to=person("idva_b"),
            words="",
            version=case.version,
            actor=person("idva"),
            at=later,
        )
    case = services.pass_on_idva_case(
        case_id=case.pk,
        to=person("idva_b"),
        words="Rings best before ten.",
        version=case.version,
        actor=person("idva"),
        at=later,
    )
    assert who_sees(case.victim) == {"idva_b", "idva_manager"}
    note = Note.objects.get()
    assert (note.kept_among, note.written_by) == ("advocates", person("idva"))
    assert "Rings best before ten." in note.words
    assert "Rings best" not in str(list(AuditEvent.objects.values("headline", "detail")))
    assert Victim.objects.get(pk=case.victim_id).plan_owner == person("idva_b")
    ended = VictimAccess.objects.get(person=person("idva"))
    assert (ended.ended_at, ended.ended_because) == (later, "S. Lindqvist has the case now")
    assert "idva_b" in told(case)


@pytest.mark.parametrize("to", ["idva", "worker", "agency", "administrator", "gone"])
def test_to_whom_it_cannot_go(db: None, at: datetime, to: str) -> None:
    case = accepted(at)
    taker = person("idva_b" if to == "gone" else to)
    if to == "gone":
        User.objects.filter(pk=taker.pk).update(is_active=False)
        taker.refresh_from_db()
    with pytest.raises(InvalidInput) as refusal:
        services.allocate_idva_case(
            case_id=case.pk,
            to=taker,
            version=case.version,
            actor=person("idva_manager"),
            at=at,
        )
    assert refusal.value.field == "to"


def test_what_an_adviser_handed_over_stays_where_it_went(db: None, at: datetime) -> None:
    """Contact with a worker known to her is not taken back by passing the case on."""
    case = accepted(at)
    Victim.objects.filter(pk=case.victim_id).update(
        contact_owner=person("worker"), contact_team=team("maru")
    )
    services.pass_on_idva_case(
        case_id=case.pk,
        to=person("idva_b"),
        words="x",
        version=case.version,
        actor=person("idva"),
        at=at,
    )
    victim = Victim.objects.get(pk=case.victim_id)
    assert (victim.contact_owner, victim.plan_owner) == (person("worker"), person("idva_b"))
