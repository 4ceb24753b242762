"""Keys that make the spellings of a name meet, and how alike two names are.

Names are taken down by ear, at night, through a bad line. A key is the same for spellings that
sound the same in English; it proposes candidates and never decides who somebody is.
"""

import re
import unicodedata
from functools import lru_cache

import jellyfish
from rapidfuzz.distance import JaroWinkler

#: The columns that hold a key.
LONGEST_KEY = 20
#: Keys of one family name: its own, and those of its parts.
MOST_KEYS = 4
#: Names whose folding and likeness a process remembers: one look-up compares one name with many.
REMEMBERED = 2_000

_HYPHENS = re.compile(r"[\-\u2010-\u2015/]+")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]+")
#: Parts of a family name that are no surname by themselves.
_BELONG_TO_WHAT_FOLLOWS = """
    o mac mc fitz st san van von der den ter ten de del della di da das do dos du la le las los
    el al abd abdul abu bin bint ben ibn ap ab y e and
"""
_PARTICLES = frozenset(_BELONG_TO_WHAT_FOLLOWS.split())

#: Letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)

#: Given names that one person may be called by turns, or that sound alike and no rule brings
#: together. Own compilation; the first of each row stands for all of it.
_EQUIVALENTS = """
    siobhan shevaun shivaun shevon chevonne chevaun shavon siobhain shivon
    sinead shinead shinade sineid
    niamh neve neave nieve
    aoife eefa efa eefha
    caoimhe keeva keva kweeva
    sean shaun shawn shane
    eoin owen eoghan ewan euan ewen
    ciara kiera keira kira keera
    ciaran kieran kieron keiran
    catherine katherine kathryn katharine catharine cathryn kathrine kate katie katy cath cathy kath
    catriona caitriona katrina
    caitlin katelyn kaitlyn
    stephen steven stephan stefan steve stevie
    mohammed muhammad mohamed mohammad muhammed mohamad mohamud mehmet mohd md
    ahmed ahmad achmed ahmet
    hussain hussein husain husein hossain
    yusuf yousef youssef yousuf joseph joe joey
    ibrahim ebrahim abraham
    abdul abdel abd
    fatima fatema fatimah fatma
    aisha ayesha aysha aishah ayisha
    elizabeth elisabeth liz lizzie lizzy beth betty eliza libby elspeth
    robert rob bob bobby robbie
    william will bill billy willie liam
    richard rick ricky dick richie
    michael mick mike mikey mickey micheal
    margaret maggie meg peggy margie marguerite
    james jim jimmy jamie
    john jon johnny jack
    jonathan johnathan jonathon
    anthony antony tony
    andrew andy drew
    edward ed eddie ted teddy ned
    thomas tom tommy tomas
    david dave davey davy dafydd
    daniel dan danny
    matthew mathew matt matty
    nicholas nicolas nick nicky
    christopher kristopher chris kris
    christine christina kristina krystyna chrissie tina
    alexander alexandra alexandre aleksander aleksandra alex alec sandy
    samuel samantha sam sammy
    patrick pat paddy padraig
    patricia trish tricia patsy
    susan susanna suzanne sue suzie susie
    rebecca rebekah becky becca
    victoria vicky vicki viktoria
    jennifer jenny jenifer jen
    jacqueline jackie jacquie jaqueline
    deborah debra debbie debby
    sarah sara sally
    anne ann anna annie hannah
    teresa theresa terri tess tessa
    gillian jill jillian gill
    geoffrey jeffrey geoff jeff
    lawrence laurence larry laurie
    louis lewis louie
    zoe zoey
    phillip philip phil
    alan allan allen
    gareth garath gary garry
    charlotte lottie charlie charles
    natalie nathalie natalia
    piotr pyotr peter pete
    pawel paul
    krzysztof kristof
    malgorzata gosia
    agnieszka aga
    leigh lee
    tracey tracy
"""
_STANDS_FOR = {
    variant: row.split()[0] for row in _EQUIVALENTS.strip().splitlines() for variant in row.split()
}


@lru_cache(maxsize=REMEMBERED)
def fold(name: str) -> str:
    """Letters alone: no case, accents, apostrophes, hyphens, figures or spaces."""
    parts = unicodedata.normalize("NFKD", name.casefold()).casefold().translate(_LETTERS)
    return "".join(letter for letter in parts if letter.isalpha())


def family_key(name: str) -> str:
    """The key of a family name, at most 20 characters; "" for none.

    "O'Neill", "ONEIL" and "O Neil" have one key.
    """
    return _sound(fold(name))


@lru_cache(maxsize=REMEMBERED)
def family_keys(name: str) -> tuple[str, ...]:
    """The keys that a family name is found by, its own first; none for no name.

    A name of several surnames is also found by each of them, since people use one half alone:
    "Smith-Jones" has the keys of Smith-Jones, Smith and Jones. "De Souza" and "O Neil" are one.
    """
    keys = [family_key(name), *map(family_key, halves(name))]
    return tuple(dict.fromkeys(filter(None, keys)))[:MOST_KEYS]


def halves(name: str) -> list[str]:
    """The surnames of a family name that has several, at least two; else none."""
    parts: list[str] = []
    for words in _HYPHENS.split(name):
        kept = ""
        for word in words.split():
            kept = f"{kept} {word}".strip()
            # "van der", "de la", "O": they belong to what follows.
            if fold(word) not in _PARTICLES and len(fold(word)) > 1:
                parts.append(kept)
                kept = ""
        if kept and parts:
            parts[-1] = f"{parts[-1]} {kept}"
    return parts if len(parts) > 1 else []


def given_key(name: str) -> str:
    """The key of a given name, at most 20 characters; "" for none. Only the first name counts.

    "Siobhán Marie", "SIOBHAN" and "Shevaun" have one key: middle names are seldom said on the
    telephone.
    """
    first = fold(first_of(name))
    return _sound(_STANDS_FOR.get(first, first))


def first_of(name: str) -> str:
    """The first of several given names; a hyphen parts names as a space does."""
    words = [word for word in _BETWEEN.split(name) if fold(word)]
    return words[0] if words else ""


def _sound(folded: str) -> str:
    if not folded.isascii():
        # Other scripts keep their letters: the key then only evens out case and accents.
        return folded[:LONGEST_KEY]
    eased = folded.replace("mps", "ms").replace("kh", "k").replace("ahn", "an")
    # Metaphone writes 0 for "th", which many people say and hear as "t" (Thomson, Tomson).
    sound = str(jellyfish.metaphone(eased)).replace("0", "T")
    return (sound or folded)[:LONGEST_KEY]


@lru_cache(maxsize=REMEMBERED)
def compare(left: str, right: str) -> int:
    """How alike two parts of names are spelt, 0 to 100; 100 for equal but for case and accents.

    Two given names of one row of equivalents count as 95 at least.
    """
    one, other = fold(left), fold(right)
    if not one or not other:
        return 0
    alike = round(100 * JaroWinkler.similarity(one, other))
    if one != other and _stands_for(left) == _stands_for(right):
        return max(alike, 95)
    return alike


@lru_cache(maxsize=REMEMBERED)
def _stands_for(given_name: str) -> str:
    first = fold(first_of(given_name))
    return _STANDS_FOR.get(first, first)
