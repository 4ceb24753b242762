"""The search box: a reference, a telephone number, a postcode or a name, misspelt too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from accounts.models import User
from core.errors import InvalidInput
from incidents.models import Incident, Involvement
from incidents.pages import granted
from incidents.pages.spelt import name_question
from incidents.seeing import of_one_side, seen_whole
from victims import names, postcodes
from victims.models import Person, PersonName, Victim
from victims.telephones import e164_or_blank, shown

LONGEST = 200
MOST = 20
SCAN = 100
FEWEST_DIGITS = 6
REFERENCE = re.compile(r"^(DA|V|P|RF|RA|IC)-?(\d{4})-?(\d{1,12})$", re.IGNORECASE)
#: Where a reference of each kind leads; people are shown in the list, having no page of their own.
PAGES = {
    "DA": "incidents:detail",
    "V": "victims:detail",
    "RF": "referrals:detail",
    "RA": "risk:assess",
    "IC": "referrals:idva_case",
}


@dataclass(frozen=True)
class Found:
    """What was searched for, as it was understood, and what the reader may see of it."""

    words: str
    understood: str = ""
    #: Go straight there.
    path: str = ""
    people: tuple[Person, ...] = ()
    #: Each with `shown`: those in it whom the reader may see.
    incidents: tuple[Incident, ...] = ()
    #: Of these incidents the address is not shown: it may be another victim's.
    placeless: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.incidents)


def find(words: str, reader: User) -> Found:
    """Search what `reader` may see. At most 20 people and 20 incidents."""
    # Characters that nobody types, a NUL among them, find nothing and harm nothing.
    words = " ".join("".join(c if c.isprintable() else " " for c in words[:LONGEST]).split())
    if not words:
        return Found("")
    if matched := REFERENCE.match(words.replace(" ", "")):
        kind, year, number = matched[1].upper(), matched[2], matched[3]
        return _reference(words, kind, f"{kind}-{year}-{int(number):06d}", reader)
    if sum(c.isdigit() for c in words) >= FEWEST_DIGITS and (number := e164_or_blank(words)):
        return _number(words, number, reader)
    if postcode := _postcode(words):
        return _at_postcode(words, postcode, reader)
    return _name(words, reader)


def _reference(words: str, kind: str, reference: str, reader: User) -> Found:
    understood = f"reference {reference}"
    if kind == "DA":
        exists = Incident.objects.visible_to(reader).filter(reference=reference).exists()
    elif kind == "V":
        exists = Victim.objects.visible_to(reader).filter(reference=reference).exists()
    elif kind == "P":
        people = _people(reader).filter(reference=reference)
        return Found(words, understood, people=tuple(people))
    else:
        # Their own pages say whether they exist and may be seen.
        exists = True
    path = reverse(PAGES[kind], args=[reference]) if exists else ""
    return Found(words, understood, path=path)


def _number(words: str, number: str, reader: User) -> Found:
    people = _people(reader).filter(telephones__number=number).order_by("-pk")[:MOST]
    calls = (
        seen_whole(_incidents(reader), reader)
        .filter(caller_number=number)
        .order_by("-received_at")[:MOST]
    )
    return Found(words, f"telephone {shown(number)}", people=tuple(people), incidents=tuple(calls))


def _at_postcode(words: str, postcode: str, reader: User) -> Found:
    people = _people(reader).filter(residences__address__postcode=postcode).distinct()
    calls = seen_whole(_incidents(reader), reader).filter(address__postcode=postcode)
    return Found(
        words,
        f"postcode {postcode}",
        people=tuple(people.order_by("-pk")[:MOST]),
        incidents=tuple(calls.order_by("-received_at")[:MOST]),
    )


def _name(words: str, reader: User) -> Found:
    seen = granted.seen_by(reader)
    if seen is None:
        best = _best(words, _called(words, reader))
        calls, placeless = _calls_of(best, reader)
    else:
        best = _best(words, granted.people_called(words, seen, SCAN))
        calls, placeless = granted.calls_of(best, seen, MOST)
    return Found(
        words,
        f"name {words}",
        people=tuple(best),
        incidents=tuple(calls),
        placeless=frozenset(placeless),
    )


def _best(words: str, people: Sequence[Person]) -> list[Person]:
    """The likest first."""
    return sorted(people, key=lambda one: (-_alike(words, one), one.pk))[:MOST]


def _called(words: str, reader: User) -> list[Person]:
    """People of this name whom the reader may see; the scan is cut short after that."""
    spellings = PersonName.objects.filter(name_question(words))
    if not reader.has_perm("victims.view_all_victims"):
        visible = Victim.objects.visible_to(reader)
        spellings = spellings.filter(person__in=visible.values("person"))
    some = list(spellings.values_list("person", flat=True)[:SCAN])
    return list(_people(reader).filter(pk__in=some))


def _calls_of(people: Sequence[Person], reader: User) -> tuple[list[Incident], set[int]]:
    """The newest incidents of these people, and the keys of those with a victim who is hidden."""
    if not people:
        return [], set()
    theirs = Involvement.objects.filter(person__in=people).values("incident")
    calls = list(_incidents(reader).filter(pk__in=theirs).order_by("-received_at")[:MOST])
    return calls, of_one_side([call.pk for call in calls], reader)


def _alike(words: str, person: Person) -> int:
    whole = f"{person.given_name} {person.family_name}"
    swapped = f"{person.family_name} {person.given_name}"
    parts = max(names.compare(words, person.family_name), names.compare(words, person.given_name))
    return max(names.compare(words, whole), names.compare(words, swapped), parts)


def _people(reader: User) -> QuerySet[Person]:
    """Everybody for roles that police; else the victims whom this person may see."""
    everybody = Person.objects.select_related("victim")
    if reader.has_perm("victims.view_all_victims"):
        return everybody.visible_to(reader)
    return everybody.filter(victim__in=Victim.objects.visible_to(reader))


def _incidents(reader: User) -> QuerySet[Incident]:
    people = Involvement.objects.select_related("person").order_by("pk")
    if not reader.has_perm("victims.view_all_victims"):
        people = people.visible_to(reader)
    return (
        Incident.objects.visible_to(reader)
        .select_related("address")
        .defer("narrative", "answers")
        .prefetch_related(Prefetch("involvements", people, to_attr="shown"))
    )


def _postcode(words: str) -> str:
    try:
        return postcodes.normalise(words)
    except InvalidInput:
        return ""
