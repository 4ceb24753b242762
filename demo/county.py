"""The invented county of Marlshire: places, names and telephone numbers that belong to nobody.

Numbers come only from the ranges that the regulator keeps free for fiction (07700 900000-900999,
and 01632, an area code that no place has), postcodes from areas that the post does not use.
"""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import NamedTuple

from victims import addresses, names

#: (name, whether rural)
AREAS: tuple[tuple[str, bool], ...] = (("Ashmere", False), ("Kingsholt", False), ("Saltfen", True))
#: How often a household lives in each.
AREA_WEIGHTS = (46, 35, 19)

_POSTCODES = {"Ashmere": "ZF1", "Kingsholt": "ZF4", "Saltfen": "ZF9"}
_UNITS = "ABDEFGHJLNPQRSTUWXYZ"
_FIRST = {
    "Ashmere": (
        "Tanner", "Bellfield", "Orchard", "Mill End", "Copper", "Northgate", "Weaver", "Lantern",
        "Chapel", "Elmhurst", "Station", "Priory", "Canal", "Foundry", "Quarry", "Victory",
    ),
    "Kingsholt": (
        "Kiln", "Rowan", "Falcon", "Marlpit", "Jubilee", "Sorrel", "Heron", "Abbot", "Larch",
        "Hawthorn", "Millrace", "Swift", "Brick", "Poplar",
    ),
    "Saltfen": (
        "Drove", "Eel", "Sedge", "Windmill", "Fen", "Reed", "Lode", "Washland", "Osier", "Dyke",
    ),
}  # fmt: skip
_SECOND = ("Street", "Road", "Lane", "Close", "Avenue", "Way", "Terrace", "Grove")
_COURTS = ("Tallow Court", "Beacon House", "Linden Court", "Harbour House", "Cobden Court",
           "Mercer House", "Juniper Court", "Granary House")  # fmt: skip


class Place(NamedTuple):
    """An address as it is stored."""

    line: str
    postcode: str
    uprn: str
    key: str
    building_key: str


def place(line: str, postcode: str, uprn: str = "") -> Place:
    """An address with the keys that real ones get."""
    return Place(
        line, postcode, uprn, addresses.key(line, postcode), addresses.building_key(line, postcode)
    )


def somewhere(random: Random, area: str) -> Place:
    """An address in an area; three in ten are flats, so that buildings are shared."""
    firsts = _FIRST[area]
    outward = _POSTCODES[area]
    if random.random() < 0.3:
        # A block: its street and postcode follow from its name, its flats are many.
        block, number = random.randrange(len(_COURTS) * 12), random.randrange(1, 49)
        court, street = _COURTS[block % len(_COURTS)], firsts[block % len(firsts)]
        building = f", {court}, {1 + block} {street} {_SECOND[block % 8]}"
        postcode = f"{outward} {block % 9 + 1}{_UNITS[block % 20]}{_UNITS[block * 7 % 20]}"
        return _pattern("Flat ", building, postcode).numbered(number)
    first, second = random.randrange(len(firsts)), random.randrange(8)
    number = random.randrange(1, 190)
    postcode = f"{outward} {first % 9 + 1}{_UNITS[second + 3]}{_UNITS[number // 10]}"
    return _pattern("", f" {firsts[first]} {_SECOND[second]}", postcode).numbered(number)


#: Stands where the number of a house or flat goes while the keys of its street are made.
_NUMBER = "987654321"


@dataclass(frozen=True)
class _Pattern:
    """The places of one street or building: they differ by number, in their keys too."""

    place: Place

    def numbered(self, number: int) -> Place:
        one, written = self.place, str(number)
        return Place(
            one.line.replace(_NUMBER, written),
            one.postcode,
            "",
            one.key.replace(_NUMBER, written),
            one.building_key.replace(_NUMBER, written),
        )


@cache
def _pattern(before: str, after: str, postcode: str) -> _Pattern:
    return _Pattern(place(f"{before}{_NUMBER}{after}", postcode))


#: Mobile numbers of the people of the drafts: nobody else's.
RESERVED = frozenset({"+447700900417", "+447700900122", "+447700900655"})
#: Fiction has only 1,000 mobile numbers; were they everybody's, every number would be a hostel's.
MOBILES = 0.05


def number(random: Random) -> str:
    """A number of fiction, in E.164; now and then somebody else's too, as in life."""
    if random.random() < MOBILES:
        mobile = f"+447700900{int(random.random() * 1000):03}"
        if mobile not in RESERVED:
            return mobile
    return f"+441632{int(random.random() * 1_000_000):06}"


# --- Names ----------------------------------------------------------------------------------------

GIRLS = (
    "Siobhán", "Aoife", "Niamh", "Priya", "Keisha", "Angela", "Hannah", "Zofia", "Agnieszka",
    "Fatima", "Aisha", "Chloé", "Renée", "Mary-Anne", "Catherine", "Kathryn", "Rebecca", "Tracey",
    "Michelle", "Nicola", "Lucy", "Grace", "Amara", "Chidinma", "Mei-Ling", "Xiu", "Gurpreet",
    "Harpreet", "Anjali", "Leila", "Zeynep", "Ioana", "Rasa", "Kristīne", "Milena", "Marta",
    "Inês", "Lucía", "Noor", "Sadia", "Ebony", "Shanice", "Charlotte", "Emily", "Sophie", "Gemma",
    "Stacey", "Kelly", "Donna", "Julie", "Margaret", "Dorothy", "Caitlin", "Bethan", "Rhiannon",
    "Morag", "Eilidh", "Jade", "Lauren", "Abigail",
)  # fmt: skip
BOYS = (
    "Darren", "Stephen", "Mohammed", "Ahmed", "Seán", "Ciarán", "Piotr", "Tomasz", "Krzysztof",
    "Andrei", "Mindaugas", "Jānis", "José", "João", "Luís", "Kwame", "Emeka", "Tunde", "Winston",
    "Delroy", "Rajesh", "Harjit", "Manjit", "Imran", "Yusuf", "Emre", "Mehmet", "Wei", "Minh",
    "Callum", "Ewan", "Gareth", "Rhys", "Alan", "Barry", "Colin", "Craig", "Dean", "Gary", "Jason",
    "Kevin", "Lee", "Mark", "Neil", "Paul", "Robert", "Ryan", "Scott", "Shane", "Terry", "Wayne",
    "Jean-Luc", "François", "Björn", "Anthony", "Matthew", "Luke", "Nathan", "Connor", "Jordan",
)  # fmt: skip
FAMILIES = (
    "O'Neill", "O'Brien", "O'Connor", "D'Souza", "Pike", "Raman", "Browne", "Whitmore", "Kowalski",
    "Nowak", "Wiśniewski", "Cole", "Smyth", "Thomson", "Stephens", "Clarke", "Reid", "Davies",
    "Prys-Jones", "Smith-Okoro", "Okafor", "Adeleke", "Mensah", "Diallo", "Hussain", "Ahmed",
    "Khan", "Begum", "Chaudhry", "Singh", "Kaur", "Patel", "Sharma", "Iyer", "Nguyễn", "Chen",
    "Wong", "Yılmaz",  # noqa: RUF001
     "Demir", "Popescu", "Ionescu", "Petrauskas", "Bērziņš", "García", "Núñez",
    "Sørensen", "Müller", "Dvořák", "Ferreira", "Mac Giolla", "McAllister", "MacDonald",
    "Ní Dhomhnaill", "van der Berg", "de Souza", "Hargreaves", "Ackroyd", "Bott", "Carver",
    "Dunmore", "Eastwood", "Fairhurst", "Gosling", "Hartnell", "Ingleby", "Jessop", "Kettering",
    "Lockyer", "Mottram", "Nuttall", "Oakden", "Pargeter", "Quested", "Rudge", "Stubbs",
    "Tattersall", "Underhill", "Vickery", "Wadsworth", "Yarwood",
)  # fmt: skip
CHILDREN = (
    "Ella", "Oskar", "Amir", "Maya", "Finn", "Lily", "Kai", "Zara", "Jakub", "Nia", "Teddy", "Ana",
    "Leo", "Isla", "Yusra", "Dylan", "Poppy", "Marek", "Esme", "Tobi",
)  # fmt: skip

#: How a name is taken down by ear.
_HEARD: dict[str, tuple[str, ...]] = {
    "Siobhán": ("Shevaun", "Siobhan", "Shivaun"), "Aoife": ("Eefa", "Aoifa"),
    "Niamh": ("Neve", "Nieve"), "Catherine": ("Katherine", "Kathryn"),
    "Kathryn": ("Catherine", "Katherine"), "Rebecca": ("Rebekah",), "Tracey": ("Tracy",),
    "Stephen": ("Steven", "Stefan"), "Mohammed": ("Muhammad", "Mohamed"), "Seán": ("Shaun", "Sean"),
    "Ciarán": ("Kieran", "Ciaran"), "Ahmed": ("Ahmad",), "Hussain": ("Hussein",),
    "Yusuf": ("Yousef",), "Aisha": ("Ayesha",), "Fatima": ("Fatema",), "Piotr": ("Peter",),
    "O'Neill": ("Oneil", "O Neill", "O'Neil"), "O'Brien": ("Obrien", "O'Brian"),
    "O'Connor": ("Oconnor", "O'Conner"), "D'Souza": ("Desouza",), "Smyth": ("Smith",),
    "Thomson": ("Thompson",), "Stephens": ("Stevens",), "Clarke": ("Clark",), "Reid": ("Reed",),
    "Davies": ("Davis",), "Browne": ("Brown",), "Kowalski": ("Kovalski",), "Shane": ("Shaun",),
    "McAllister": ("Macalister",), "MacDonald": ("McDonald",), "Nguyễn": ("Nguyen",),
    "Alan": ("Allan",), "Gary": ("Garry",), "Renée": ("Renee",), "Chloé": ("Chloe", "Khloe"),
}  # fmt: skip


@cache
def heard(name: str) -> tuple[str, ...]:
    """The spellings under which a name is taken down; the name itself only where none differs."""
    if name in _HEARD:
        return _HEARD[name]
    plain = name.replace("'", "").replace("-", " ")
    folded = names.fold(name).capitalize()
    return tuple({each: None for each in (folded, plain.title()) if each != name}) or (name,)


@cache
def family_keys(name: str) -> tuple[str, ...]:
    """One for each row of the name; a blank one where no family name is known."""
    return names.family_keys(name) or ("",)


@cache
def given_key(name: str) -> str:
    return names.given_key(name)
