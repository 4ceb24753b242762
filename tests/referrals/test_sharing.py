"""Telling, replacing, withdrawing, ending, opening and answering: what happens, every refusal."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User, Withholding
from audit.models import AuditEvent, RecordRead
from core import events
from core.clock import months_before
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Notification
from referrals import services, tasks
from referrals.models import Outgoing, Sharing
from referrals.services.sharing.ending import ON_REGISTER
from referrals.services.sharing.telling import tell
from tests.factories import victims
from tests.factories.outgoing import a_channel
from tests.factories.referrals import a_referral, an_agency, claimed, shared
from tests.factories.sharing import agency_of, marked, told, with_document
from tests.personas import person
from victims.events import Withheld
from victims.models import Victim

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def victim(db: None, at: datetime) -> Victim:
    return victims.victim(at=at)


def barred(victim: Victim, at: datetime, **whom: Any) -> Withholding:
    """Put on the register, and the fact announced."""
    row = Withholding.objects.create(
        victim=victim, reason="Brother works there", set_by=person("manager"), set_at=at, **whom
    )
    events.announce(
        Withheld(row.pk, victim.pk, row.person_id, row.agency_id, person("manager"), at)
    )
    return row


def readable(row: Sharing, at: datetime, who: str = "agency") -> bool:
    return Sharing.objects.for_agency_of(person(who), at).filter(pk=row.pk).exists()


# Telling


def test_without_a_referral_any_worker_tells(victim: Victim, at: datetime) -> None:
    row = told(victim, at, actor=person("worker_b"), consent_asked_at=None)
    assert row.reference.startswith("SH-2026-")
    assert (row.referral, row.incident, row.shared_by) == (None, None, person("worker_b"))
    assert row.keep_until == months_before(at, -12).date()
    assert readable(row, at)
    event = AuditEvent.objects.get(verb="referral.shared")
    assert (event.subject, event.victim_id) == (row.reference, victim.pk)
    assert event.detail["keep_until"] == "2027-11-23"


@pytest.mark.parametrize("who", ["officer", "head", "idva", "agency", "auditor", "nobody"])
def test_only_the_unit_tells_and_withdraws(victim: Victim, at: datetime, who: str) -> None:
    row = told(victim, at)
    with pytest.raises(PermissionDenied):
        told(victim, at, actor=person(who), replaces=row.reference)
    with pytest.raises(PermissionDenied):
        services.withdraw_sharing(sharing_id=row.pk, because="x", actor=person(who), at=at)
    assert readable(row, at)


def test_a_worker_who_must_not_know_the_victim_tells_nobody(victim: Victim, at: datetime) -> None:
    row = told(victim, at, actor=person("worker_b"))
    barred(victim, at, person=person("worker"))
    worker = User.objects.get(username="worker")
    with pytest.raises(PermissionDenied):
        told(victim, at, actor=worker, replaces=row.reference)
    with pytest.raises(PermissionDenied):
        services.withdraw_sharing(sharing_id=row.pk, because="x", actor=worker, at=at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"keep_until": datetime(2026, 11, 22).date()}, "keep_until"),
        ({"keep_until": datetime(2126, 11, 22).date()}, "keep_until"),
        ({"consent": "given", "consent_asked_at": datetime.max}, "consent_asked_at"),
        ({"consent_asked_at": "asked"}, "consent_asked_at"),
        ({"consent_reason": ""}, "consent_reason"),
        ({"agency_id": 0}, "agency"),
        ({"kind": "gossip"}, "kind"),
        ({"what": ["notes"]}, "what"),
    ],
)
def test_what_is_refused_at_its_field(
    victim: Victim, at: datetime, changes: dict[str, Any], field: str
) -> None:
    if "consent_asked_at" in changes:
        asked = at + HOUR if changes["consent_asked_at"] == datetime.max else at - HOUR
        changes = {**changes, "consent_asked_at": asked}
    with pytest.raises(InvalidInput) as refusal:
        told(victim, at, **changes)
    assert refusal.value.field == field
    assert not Sharing.objects.exists()


def test_a_referral_or_an_incident_of_somebody_else(victim: Victim, at: datetime) -> None:
    referral = claimed(a_referral(at), at)
    with pytest.raises(InvalidInput) as refusal:
        told(victim, at, referral_id=referral.pk)
    assert refusal.value.field == "referral"
    with pytest.raises(InvalidInput) as refusal:
        told(victim, at, incident_id=referral.incident_id)
    assert refusal.value.field == "incident"


def test_saying_more_takes_the_place_of_what_was_said(victim: Victim, at: datetime) -> None:
    first = told(victim, at, what=["identity"])
    with pytest.raises(AlreadyTaken, match=rf"was told by M\. Castellanos .*{first.reference}"):
        told(victim, at + HOUR)
    second = told(victim, at + HOUR, what=["identity", "risk"], replaces=first.reference)
    first.refresh_from_db()
    assert first.replaced_by == second
    assert not readable(first, at + HOUR)
    assert readable(second, at + HOUR)
    with pytest.raises(AlreadyTaken, match="no longer stands"):
        told(victim, at + HOUR, replaces=first.reference, agency_id=an_agency().pk)
    with pytest.raises(AlreadyTaken):
        told(victim, at + HOUR, replaces=first.reference)
    with pytest.raises(DomainError, match="took its place"):
        services.withdraw_sharing(
            sharing_id=first.pk, because="Wrong", actor=person("worker"), at=at + HOUR
        )
    assert Sharing.objects.count() == 2


def test_of_another_referral_is_another_matter(db: None, at: datetime) -> None:
    referral = claimed(a_referral(at), at)
    first = shared(referral, at, agency_id=agency_of(person("agency")).pk)
    other = told(referral.victim, at)
    assert readable(first, at)
    assert readable(other, at)


def test_withdrawn_or_over_it_is_told_anew_without_more_ado(victim: Victim, at: datetime) -> None:
    first = told(victim, at, keep_until=at.date())
    second = told(victim, at + DAY)
    first.refresh_from_db()
    assert first.replaced_by == second
    services.withdraw_sharing(
        sharing_id=second.pk, because="Moved", actor=person("worker_b"), at=at + DAY
    )
    assert readable(told(victim, at + DAY), at + DAY)


def test_a_document_of_nobody_or_withdrawn_is_refused(db: None, at: datetime) -> None:
    victim = marked(at)
    arm = with_document(victim, at)
    assert list(told(victim, at, documents=[arm.key, arm.key]).documents.all()) == [arm]
    arm.withdrawn_at, arm.withdrawn_reason = at, "Another's"
    arm.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    with pytest.raises(InvalidInput) as refusal:
        told(victim, at, agency_id=an_agency().pk, documents=[arm.key])
    assert refusal.value.field == "documents"


def test_schools_are_told_of_each_child_by_itself(victim: Victim, at: datetime) -> None:
    said: dict[str, Any] = {
        "victim_id": victim.pk,
        "agency_id": an_agency("School", "education").pk,
        "what": ["children"],
        "why": "Watch over them.",
        "basis": "child",
        "consent": "not_needed",
        "kind": "school",
        "actor": person("worker"),
        "at": at,
    }
    rows = [tell(**said), tell(**said)]
    assert Sharing.objects.in_force(at).filter(pk__in=[row.pk for row in rows]).count() == 2


def test_the_agency_is_owed_a_message_and_another_when_withdrawn(
    victim: Victim, at: datetime
) -> None:
    a_channel(agency_of(person("agency")), at)
    row = told(victim, at)
    message = Outgoing.objects.get(sharing=row)
    assert message.about == "shared"
    Outgoing.objects.update(attempts=1)
    services.withdraw_sharing(sharing_id=row.pk, because="x", actor=person("worker"), at=at)
    assert set(row.messages.values_list("about", flat=True)) == {"shared", "withdrawn"}


# The register


def test_an_agency_on_the_register_is_not_told_and_loses_what_it_was(
    victim: Victim, at: datetime
) -> None:
    row, other = told(victim, at), told(victim, at, who="agency_b")
    barred(victim, at + HOUR, agency=agency_of(person("agency")))
    row.refresh_from_db()
    assert (row.withdrawn_at, row.withdrawn_because) == (at + HOUR, ON_REGISTER)
    assert not readable(row, at + HOUR)
    assert readable(other, at + HOUR, "agency_b")
    with pytest.raises(InvalidInput, match="must not receive anything") as refusal:
        told(victim, at + HOUR)
    assert refusal.value.field == "agency"
    assert told(victims.victim(at=at, family_name="Else"), at + HOUR).pk


def test_a_representative_on_the_register_reads_nothing_of_that_victim(
    victim: Victim, at: datetime
) -> None:
    row = told(victim, at)
    elsewhere = told(victims.victim(at=at, family_name="Else"), at)
    colleague = User.objects.create_user("colleague", name="C. Colleague")
    colleague.team = person("agency").team
    colleague.save(update_fields=["team"])
    colleague.groups.set(person("agency").groups.all())
    barred(victim, at, person=person("agency"))
    assert not readable(row, at)
    assert readable(elsewhere, at)
    assert Sharing.objects.for_agency_of(colleague, at).count() == 2
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_somebody_of_no_team_reads_nothing(victim: Victim, at: datetime) -> None:
    told(victim, at, agency_id=an_agency("Without teams", "voluntary").pk)
    User.objects.filter(username=person("agency").username).update(team=None)
    assert not Sharing.objects.for_agency_of(person("agency"), at).exists()


# The end


def test_withdrawing_ends_it_once(victim: Victim, at: datetime) -> None:
    row = told(victim, at)
    for because in ("Told the wrong agency", "Again"):
        services.withdraw_sharing(
            sharing_id=row.pk, because=because, actor=person("worker_b"), at=at + HOUR
        )
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_because) == (
        person("worker_b"),
        "Told the wrong agency",
    )
    assert AuditEvent.objects.filter(verb="sharing.withdrawn").count() == 1
    with pytest.raises(InvalidInput) as refusal:
        services.withdraw_sharing(sharing_id=row.pk, because=" ", actor=person("worker"), at=at)
    assert refusal.value.field == "because"


def test_nothing_is_read_after_its_last_day_and_the_night_writes_so_once(
    victim: Victim, at: datetime
) -> None:
    row, stays = told(victim, at, keep_until=at.date()), told(victim, at, who="agency_b")
    midnight = at.replace(hour=0) + DAY
    assert readable(row, midnight - timedelta(seconds=1))
    assert not readable(row, midnight)
    system = User.objects.system()
    assert services.end_sharings_over(actor=system, at=midnight - HOUR) == 0
    assert services.end_sharings_over(actor=system, at=midnight) == 1
    assert services.end_sharings_over(actor=system, at=midnight + HOUR) == 0
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_because) == (system, "Its time is over")
    assert AuditEvent.objects.filter(verb="sharing.ended").count() == 1
    stays.refresh_from_db()
    assert stays.withdrawn_at is None


def test_the_nightly_task_ends_what_is_over(victim: Victim) -> None:
    long_ago = datetime.fromisoformat("2020-01-02T10:00+00:00")
    row = told(victim, long_ago, keep_until=long_ago.date())
    tasks.end_sharings()
    row.refresh_from_db()
    assert row.withdrawn_at is not None


# What the agency does


def test_opening_says_who_was_first_and_keeps_every_reading(victim: Victim, at: datetime) -> None:
    row = told(victim, at)
    for minutes in (1, 2):
        services.open_sharing(
            sharing=Sharing.objects.get(pk=row.pk),
            path="/shared/",
            actor=person("agency"),
            at=at + minutes * timedelta(minutes=1),
        )
    row.refresh_from_db()
    assert (row.opened_by, row.opened_at) == (person("agency"), at + timedelta(minutes=1))
    assert RecordRead.objects.filter(victim_id=victim.pk, user=person("agency")).count() == 2


def answered(row: Sharing, at: datetime, **said: Any) -> Sharing:
    given = {"answer": "taken_on", "words": "Ours.", "actor": person("agency"), **said}
    return services.answer_sharing(sharing_id=row.pk, at=at, **given)


def test_the_newest_answer_stands_and_the_same_again_changes_nothing(
    victim: Victim, at: datetime
) -> None:
    row = told(victim, at)
    answered(row, at)
    answered(row, at + HOUR)
    assert AuditEvent.objects.filter(verb="sharing.answered").count() == 1
    assert not Notification.objects.filter(user=person("worker")).exists()
    answered(row, at + HOUR, answer="more_needed", words="Which school?")
    row.refresh_from_db()
    assert (row.answer, row.answered_at) == ("more_needed", at + HOUR)
    assert AuditEvent.objects.filter(verb="sharing.answered").count() == 2
    asked = Notification.objects.get(user=person("worker"))
    assert "We need to know more" in asked.headline
    assert "Which" not in asked.headline


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"answer": "perhaps"}, "answer"),
        ({"answer": "nothing", "words": " "}, "words"),
        ({"answer": "more_needed", "words": ""}, "words"),
        ({"words": "\x00"}, "words"),
    ],
)
def test_answers_refused(victim: Victim, at: datetime, said: dict[str, Any], field: str) -> None:
    row = told(victim, at)
    with pytest.raises(InvalidInput) as refusal:
        answered(row, at, **said)
    assert refusal.value.field == field


@pytest.mark.parametrize("who", ["agency_b", "worker", "idva", "head", "nobody"])
def test_only_the_agency_that_was_told_answers(victim: Victim, at: datetime, who: str) -> None:
    row = told(victim, at)
    with pytest.raises(PermissionDenied):
        answered(row, at, actor=person(who))
    services.withdraw_sharing(sharing_id=row.pk, because="x", actor=person("worker"), at=at)
    with pytest.raises(PermissionDenied):
        answered(row, at)
