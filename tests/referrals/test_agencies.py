"""How agencies are reached is kept by those who may, with both versions where two change it."""

from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Agency, Team, User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput, Stale
from referrals.models import AgencyChannel
from referrals.services import agencies
from referrals.services.outgoing.calling import Limits
from tests.factories.outgoing import a_channel, a_system, answers, hangs
from tests.factories.referrals import an_agency
from tests.personas import person

pytestmark = pytest.mark.django_db

URL = "https://hooks.example.org/lodestar"


def keep(at: datetime, agency: Agency | None = None, **said: Any) -> agencies.Kept:
    values = {"way": "webhook", "webhook_url": URL, "version": 0, "actor": person("manager")}
    return agencies.keep_channel(agency_id=(agency or an_agency()).pk, at=at, **{**values, **said})


def test_the_first_webhook_comes_with_a_secret_and_the_next_edit_keeps_it(at: datetime) -> None:
    kept = keep(at)
    assert kept.secret.startswith("whsec_")
    assert (kept.channel.webhook_secret, kept.channel.version) == (kept.secret, 1)
    again = keep(at, webhook_url=URL + "/2", version=1)
    assert (again.secret, again.channel.webhook_secret) == ("", kept.secret)
    event = AuditEvent.objects.filter(verb="agency.channel").latest("pk")
    assert event.detail == {"webhook_url": [URL, URL + "/2"]}
    for row in AuditEvent.objects.all():
        assert kept.secret not in str(row.detail) + row.headline


def test_renewed_the_old_secret_signs_nothing_more(at: datetime) -> None:
    first = keep(at)
    kept = agencies.renew_secret(
        agency_id=an_agency().pk, version=1, actor=person("manager"), at=at
    )
    assert kept.secret not in ("", first.secret)
    assert AgencyChannel.objects.get().webhook_secret == kept.secret
    with pytest.raises(Stale):
        agencies.renew_secret(agency_id=an_agency().pk, version=1, actor=person("manager"), at=at)
    assert AgencyChannel.objects.get().webhook_secret == kept.secret
    keep(at, way="inbox", version=2)
    with pytest.raises(DomainError, match="nothing to sign"):
        agencies.renew_secret(agency_id=an_agency().pk, version=3, actor=person("manager"), at=at)


def test_two_change_one_channel_and_the_second_sees_both(at: datetime) -> None:
    keep(at, way="email", email="duty@housing.example.org", webhook_url="", actor=person("head"))
    with pytest.raises(Stale, match=r"A\. Rowe changed how Fenwick Housing is reached") as two:
        keep(at, way="inbox", webhook_url="")
    assert two.value.version == 1
    assert two.value.theirs["way"] == "E-mail with a reference and a link"
    assert two.value.theirs["email"] == "duty@housing.example.org"
    assert two.value.yours["way"] == "Its pages here only"
    assert AgencyChannel.objects.get().way == "email"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"way": "pigeon"}, "way"),
        ({"way": "email"}, "email"),
        ({"way": "email", "email": "no address"}, "email"),
        ({"webhook_url": ""}, "webhook_url"),
        ({"webhook_url": "hooks.example.org"}, "webhook_url"),
        ({"webhook_url": "https://10.0.0.1/"}, "webhook_url"),
        ({"area_id": 999_999}, "area"),
    ],
)
def test_what_is_refused_is_said_at_its_field(
    said: dict[str, Any], field: str, at: datetime
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        keep(at, **said)
    assert refusal.value.field == field
    assert not AgencyChannel.objects.exists()


def test_an_agency_is_added_with_its_team(at: datetime) -> None:
    said: dict[str, Any] = {"kind": "voluntary", "actor": person("manager"), "at": at}
    agency = agencies.add_agency(name="Harbour House", **said)
    team = Team.objects.get(agency=agency)
    assert (team.name, team.kind) == ("Harbour House", "partner")
    assert AgencyChannel.objects.get(agency=agency).way == "inbox"
    assert AuditEvent.objects.get(verb="agency.added").headline == "Agency added: Harbour House"
    with pytest.raises(InvalidInput) as refusal:
        agencies.add_agency(name="harbour house", **said)
    assert refusal.value.field == "name"
    for kind in ("police", "circus"):
        with pytest.raises(InvalidInput):
            agencies.add_agency(name="Other", **{**said, "kind": kind})


def test_a_representative_is_switched_off_and_on_again(at: datetime) -> None:
    boyle, manager = person("agency"), person("manager")
    client = Client()
    client.force_login(boyle, backend="accounts.backends.RoleBackend")
    assert client.get("/waiting/").status_code == 200
    said: dict[str, Any] = {"person_id": boyle.pk, "actor": manager, "at": at}
    with pytest.raises(InvalidInput):
        agencies.switch_representative(on=False, reason="", **said)
    for _ in range(2):
        agencies.switch_representative(on=False, reason="Left the agency.", **said)
    assert not User.objects.get(pk=boyle.pk).is_active
    assert client.get("/waiting/").status_code == 302, "signed out at the next step"
    event = AuditEvent.objects.get(verb="agency.representative_off")
    assert (event.subject, event.detail) == ("agency", {"reason": "Left the agency."})
    agencies.switch_representative(on=True, reason="Came back.", **said)
    assert User.objects.get(pk=boyle.pk).is_active
    assert AuditEvent.objects.filter(verb="agency.representative_on").count() == 1


@pytest.mark.parametrize("who", ["worker", "head", "idva", "administrator", "nobody"])
def test_no_other_account_is_switched_here(who: str, at: datetime) -> None:
    with pytest.raises(PermissionDenied):
        agencies.switch_representative(
            person_id=person(who).pk, on=False, reason="No.", actor=person("manager"), at=at
        )
    assert User.objects.get(username=who).is_active


def test_an_account_that_is_more_than_a_representative_s_is_not_switched(at: datetime) -> None:
    boyle = person("agency")
    boyle.groups.add(*person("worker").groups.all())
    with pytest.raises(PermissionDenied):
        agencies.switch_representative(
            person_id=boyle.pk, on=False, reason="No.", actor=person("manager"), at=at
        )


@pytest.mark.parametrize("who", ["worker", "supervisor", "agency", "idva_manager"])
def test_others_keep_nothing(who: str, at: datetime) -> None:
    actor, agency = person(who), an_agency()
    a_channel(agency, at)
    boyle = person("agency_b").pk
    tries = (
        lambda: keep(at, agency, actor=actor, version=1),
        lambda: agencies.add_agency(name="X", kind="health", actor=actor, at=at),
        lambda: agencies.renew_secret(agency_id=agency.pk, version=1, actor=actor, at=at),
        lambda: agencies.try_channel(agency_id=agency.pk, actor=actor, at=at),
        lambda: agencies.switch_representative(
            person_id=boyle, on=False, reason="No.", actor=actor, at=at
        ),
    )
    for act in tries:
        with pytest.raises(PermissionDenied):
            act()


def test_a_test_message_says_what_came_of_it(at: datetime) -> None:
    agency, manager = an_agency(), person("manager")
    said: dict[str, Any] = {"agency_id": agency.pk, "actor": manager, "at": at}
    with a_system(answers(200), answers(401), hangs) as system:
        a_channel(agency, at, webhook_url=system.url)
        assert agencies.try_channel(**said).arrived
        assert agencies.try_channel(**said).words == "Answered 401. Not taken."
        assert not agencies.try_channel(**said, limits=Limits(total=0.2)).arrived
    assert b'"type":"test"' in system.received[0].body
    assert b"reference" not in system.received[0].body
    assert AuditEvent.objects.filter(verb="agency.channel_tried").count() == 3
    a_channel(agency, at, way="email")
    assert agencies.try_channel(**said).arrived
    assert mail.outbox[0].subject == "Lodestar: this is a test, nothing was shared"
    a_channel(agency, at, way="inbox")
    with pytest.raises(DomainError, match="nothing to try"):
        agencies.try_channel(**said)
