"""Whom a message may be about: people on record who are like what it says, each with why."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from core.errors import InvalidInput
from incidents.models import Involvement
from perpetrators.messages import Message, from_content
from perpetrators.models import CustodyEpisode, CustodyEvent, OutsideIdentity
from victims import addresses, postcodes
from victims import matching as people
from victims.matching import SCAN, STRONGEST, Candidate
from victims.models import Address, Person

#: What a fact beside the name is worth, by the measure of `victims.matching`.
NAMED_NUMBER = 45
NAMED_RUN = 45
IN_THE_INCIDENT = 35


def candidates(event: CustodyEvent, *, at: datetime) -> list[Candidate]:
    """People on record whom a message may be about, with why, strongest first.

    By name, spelling, birth date and address; by a number of theirs that another system knows; and
    by what the message names: a custody record, or an incident in which they were complained of.
    """
    message = from_content(event.content, at=at)
    alike = people.candidates(
        given_name=message.given_name,
        family_name=message.family_name,
        date_of_birth=message.date_of_birth,
        address_ids=_addresses(message),
    )
    found = {one.person_id: one for one in alike}
    pointed = _pointed_to(message)
    for person in Person.objects.filter(pk__in=pointed.keys() - found.keys()):
        found[person.pk] = Candidate(
            person.pk, person.reference, str(person), person.date_of_birth, (), 0
        )
    rows = [_with(one, pointed.get(pk, {})) for pk, one in found.items()]
    return sorted(rows, key=lambda one: (-one.strength, one.person_id))


def _with(one: Candidate, reasons: Mapping[str, int]) -> Candidate:
    return replace(
        one,
        reasons=(*reasons, *one.reasons),
        strength=min(STRONGEST, one.strength + sum(reasons.values())),
    )


def _addresses(message: Message) -> list[int]:
    if not (message.address and message.postcode):
        return []
    try:
        postcode = postcodes.normalise(message.postcode)
    except InvalidInput:
        return []
    same = Q(key=addresses.key(message.address, postcode)) | Q(
        building_key=addresses.building_key(message.address, postcode)
    )
    return list(Address.objects.filter(same).values_list("pk", flat=True)[:SCAN])


def _pointed_to(message: Message) -> dict[int, dict[str, int]]:
    """Person -> reasons with their worth. One query for each thing that the message names."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if number := message.person_number:
        for person_id, system in _identities(number):
            words = "its number is theirs" if system == message.system else f"known to {system}"
            found[person_id][f"{words}: {number}"] = NAMED_NUMBER
    if message.custody_number or message.episode:
        for person_id, reference in _runs(message):
            found[person_id][f"its custody record is theirs: {reference}"] = NAMED_RUN
    if message.incident:
        for person_id in _complained_of(message.incident):
            found[person_id][f"complained of in {message.incident}"] = IN_THE_INCIDENT
    return found


def _identities(number: str) -> list[tuple[int, str]]:
    rows = OutsideIdentity.objects.filter(number=number).order_by("system")
    return list(rows.values_list("person_id", "system")[:SCAN])


def _runs(message: Message) -> list[tuple[int, str]]:
    named = Q(reference=message.episode) if message.episode else Q(pk__in=[])
    if message.custody_number:
        named |= Q(system=message.system, custody_number=message.custody_number)
    rows = CustodyEpisode.objects.filter(named)
    return list(rows.values_list("person_id", "reference"))


def _complained_of(incident: str) -> list[int]:
    rows = Involvement.objects.filter(
        incident__reference=incident, role=Involvement.Role.PERPETRATOR
    )
    return list(rows.values_list("person_id", flat=True))
