"""Partner agencies: which there are, how each is reached, and who of theirs may sign in."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import Agency, Area, Team, User
from accounts.roles import Role
from audit import services as audit
from core.errors import DomainError, InvalidInput, Stale
from core.text import clean
from referrals.models import AgencyChannel
from referrals.permissions import can_manage_agencies
from referrals.services.outgoing import addresses, messages, signing
from referrals.services.outgoing.calling import Limits
from referrals.services.outgoing.owing import channel_in_use
from referrals.services.outgoing.sending import Answer, by_mail, by_webhook

Way = AgencyChannel.Way

#: Somebody waits for the answer before their screen.
TRIAL = Limits(connect=3, silence=4, total=6)
LONGEST_REASON = 500


@dataclass(frozen=True)
class Kept:
    """A channel as it is now, and the secret that was made with it: told once, or empty."""

    channel: AgencyChannel
    secret: str


@dataclass(frozen=True)
class _Said:
    """What may be said of a channel, checked."""

    way: str
    email: str
    webhook_url: str
    area: Area | None
    is_active: bool


@transaction.atomic
def add_agency(
    *, name: str, kind: str, area_id: int | None = None, actor: User, at: datetime
) -> Agency:
    """A partner with a team for its representatives, reached through its pages here at first.

    `area_id` None means the whole county. Raises PermissionDenied, or InvalidInput at "name" for a
    name that is taken, at "kind" and "area".
    """
    _require_manager(actor)
    name = clean(name, field="name", longest=100, required=True)
    if kind not in Agency.Kind.values or kind == Agency.Kind.POLICE:
        raise InvalidInput("Choose a kind of partner.", field="kind")
    if (
        Agency.objects.filter(name__iexact=name).exists()
        or Team.objects.filter(name__iexact=name).exists()
    ):
        raise InvalidInput("An agency or a team has this name already.", field="name")
    area = _area(area_id)
    agency = Agency.objects.create(name=name, kind=kind)
    team_kind = Team.Kind.IDVA if kind == Agency.Kind.IDVA_SERVICE else Team.Kind.PARTNER
    Team.objects.create(name=name, kind=team_kind, agency=agency, area=area)
    AgencyChannel.objects.create(agency=agency, area=area, changed_at=at, changed_by=actor)
    detail = {"kind": kind, "area": area and area.name}
    _say(agency, "agency.added", f"Agency added: {name}", detail, actor, at)
    return agency


@transaction.atomic
def keep_channel(
    *,
    agency_id: int,
    way: str,
    email: str = "",
    webhook_url: str = "",
    area_id: int | None = None,
    is_active: bool = True,
    version: int,
    actor: User,
    at: datetime,
) -> Kept:
    """Say how an agency is reached. The first webhook comes with a secret of our making.

    `version` is that of the channel which the actor had read, 0 where there was none. Raises
    PermissionDenied, InvalidInput at the field, Stale with both versions in words.
    """
    agency, channel = _locked(agency_id, actor)
    said = _Said(
        way=_way(way),
        email=_email(email, required=way == Way.EMAIL),
        webhook_url=_url(webhook_url, required=way == Way.WEBHOOK),
        area=_area(area_id),
        is_active=is_active,
    )
    _require_version(channel, version, said)
    before = words_of(channel)
    secret = ""
    if said.way == Way.WEBHOOK and not channel.webhook_secret:
        secret = channel.webhook_secret = signing.new_secret()
    channel.way, channel.email, channel.webhook_url = said.way, said.email, said.webhook_url
    channel.area, channel.is_active = said.area, said.is_active
    _save(channel, actor, at)
    after = words_of(channel)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    _say(agency, "agency.channel", f"Way to reach {agency} changed", changed, actor, at)
    return Kept(channel, secret)


@transaction.atomic
def renew_secret(*, agency_id: int, version: int, actor: User, at: datetime) -> Kept:
    """A new secret in place of the old, which signs nothing from now on.

    Raises PermissionDenied, DomainError where there is no webhook, Stale where the channel changed
    since `version` was read: the second of two clicks renews nothing.
    """
    agency, channel = _locked(agency_id, actor)
    if channel.way != Way.WEBHOOK:
        raise DomainError(f"{agency} has no system that is called: there is nothing to sign.")
    _require_version(channel, version, None)
    channel.webhook_secret = signing.new_secret()
    _save(channel, actor, at)
    _say(agency, "agency.secret_renewed", f"Secret of {agency} renewed", {}, actor, at)
    return Kept(channel, channel.webhook_secret)


def try_channel(*, agency_id: int, actor: User, at: datetime, limits: Limits = TRIAL) -> Answer:
    """Send a message that is about nothing, now, and say what came of it; it is not repeated.

    Called outside a transaction, for it waits for another system. Raises PermissionDenied, or
    DomainError where the agency is reached through its pages here only.
    """
    _require_manager(actor)
    agency = Agency.objects.get(pk=agency_id)
    channel = channel_in_use(agency_id)
    if channel is None:
        raise DomainError(f"{agency} is told on its pages here only: there is nothing to try.")
    key = uuid.uuid4()
    if channel.way == Way.EMAIL:
        answer = by_mail(messages.test_mail(channel.email, str(key)))
    else:
        body = messages.test_body(str(key), at.isoformat(timespec="seconds"))
        answer = by_webhook(channel, key, body, at, limits)
    detail = {"way": channel.way, "status": answer.status, "words": answer.words}
    _say(agency, "agency.channel_tried", f"Test message to {agency}", detail, actor, at)
    return answer


@transaction.atomic
def switch_representative(
    *, person_id: int, on: bool, reason: str, actor: User, at: datetime
) -> User:
    """Let a representative of a partner sign in again, or no more; in words why.

    As it is already changes nothing. Raises PermissionDenied, also for an account that is more than
    a representative's, and InvalidInput without a reason.
    """
    person = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    _require_manager(actor)
    if not is_representative(person):
        raise PermissionDenied("Only accounts of agencies' representatives are switched here.")
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    if person.is_active == on:
        return person
    person.is_active = on
    person.save(update_fields=["is_active"])
    audit.record(
        actor=actor,
        at=at,
        verb="agency.representative_on" if on else "agency.representative_off",
        subject=person.username[:40],
        headline=f"{person} may sign in {'again' if on else 'no more'}"[:300],
        detail={"reason": reason},
        is_grave=True,
    )
    return person


def is_representative(person: User) -> bool:
    """Whether the account is a partner's representative's, and nothing else besides."""
    roles = set(person.groups.values_list("name", flat=True))
    return roles == {Role.AGENCY_REPRESENTATIVE} and not (person.is_staff or person.is_superuser)


def words_of(channel: AgencyChannel | _Said | None) -> dict[str, Any]:
    """A channel as pages and the audit word it; never its secret."""
    if channel is None:
        return {}
    return {
        "way": Way(channel.way).label,
        "email": channel.email,
        "webhook_url": channel.webhook_url,
        "area": str(channel.area or "everywhere"),
        "messages": "sent" if channel.is_active else "not sent",
    }


def _locked(agency_id: int, actor: User) -> tuple[Agency, AgencyChannel]:
    """The agency, locked, with its channel: one not yet saved, of version 0, where it has none."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    _require_manager(actor)
    if agency.kind == Agency.Kind.POLICE:
        raise DomainError("The police are no partner agency.")
    channel = AgencyChannel.objects.filter(agency=agency).select_related("area").first()
    return agency, channel or AgencyChannel(agency=agency, version=0)


def _save(channel: AgencyChannel, actor: User, at: datetime) -> None:
    channel.changed_at, channel.changed_by = at, actor
    channel.version += 1
    channel.save()


def _require_manager(actor: User) -> None:
    if not can_manage_agencies(actor):
        raise PermissionDenied("Your role does not keep partner agencies.")


def _require_version(channel: AgencyChannel, version: int, said: _Said | None) -> None:
    if version != channel.version:
        raise Stale(
            f"{channel.changed_by} changed how {channel.agency} is reached after you opened this. "
            "Compare the two, then save again what is right.",
            theirs=words_of(channel),
            yours=words_of(said),
            version=channel.version,
        )


def _way(way: str) -> str:
    if way not in Way.values:
        raise InvalidInput("Choose one of the ways offered.", field="way")
    return way


def _email(typed: str, *, required: bool) -> str:
    typed = clean(typed, field="email", longest=254, required=required)
    try:
        if typed:
            validate_email(typed)
    except ValidationError as error:
        raise InvalidInput("This is not an e-mail address.", field="email") from error
    return typed


def _url(typed: str, *, required: bool) -> str:
    typed = clean(typed, field="webhook_url", longest=500, required=required)
    return addresses.checked(typed, field="webhook_url") if typed else ""


def _area(area_id: int | None) -> Area | None:
    if area_id is None:
        return None
    area = Area.objects.filter(pk=area_id).first()
    if area is None:
        raise InvalidInput("Choose one of the areas offered.", field="area")
    return area


def _say(
    agency: Agency, verb: str, headline: str, detail: dict[str, Any], actor: User, at: datetime
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=verb,
        subject=f"agency {agency.pk}",
        headline=headline[:300],
        detail=detail,
    )
