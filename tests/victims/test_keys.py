"""Keys of names, numbers, postcodes and addresses: spellings meet, different things do not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from victims import addresses, names, postcodes, telephones

TEXT = st.text(max_size=120)
LETTERS = st.text(st.characters(categories=["L"]), max_size=40)
LATIN = st.text("abcdefghijklmnopqrstuvwxyzàéîõüçñ", min_size=1, max_size=20)
BETWEEN = st.sampled_from(["'", "-", " ", "  ", ".", "\N{RIGHT SINGLE QUOTATION MARK}"])


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        ["O'Neill", "Oneil", "O Neil", "ONEILL", "O\N{RIGHT SINGLE QUOTATION MARK}Neill", "O'Neal"],
        ["McDonald", "MacDonald", "Mac Donald", "MCDONALD"],
        ["Thompson", "Thomson", "Tomson"],
        ["Smith", "Smyth", "SMITH "],
        ["Khan", "Kahn"],
        ["Stephenson", "Stevenson"],
        ["Clark", "Clarke"],
        ["Smith-Jones", "Smith Jones", "Smithjones"],
        ["Nuñez", "Nunez"],
        ["Łukasik", "Lukasik"],
    ],
)
def test_family_names_meet(spellings: list[str]) -> None:
    assert len({names.family_key(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        ["Siobhán", "Shevaun", "Siobhan", "Chevonne", "Siobhán Marie", "siobhan-marie"],
        ["Catherine", "Katherine", "Kathryn", "Kate"],
        ["Stephen", "Steven", "Steve"],
        ["Mohammed", "Muhammad", "Mohamed", "MD"],
        ["Sean", "Seán", "Shaun", "Shawn"],
        ["Niamh", "Neve"],
        ["Zoë", "Zoe", "Zoey"],
    ],
)
def test_given_names_meet(spellings: list[str]) -> None:
    assert len({names.given_key(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Smith-Jones", ["Smith", "Jones"]),
        ("Smith Jones", ["Smith", "Jones"]),
        ("Garcia\N{EN DASH}Lopez Ruiz", ["Garcia", "Lopez", "Ruiz"]),
        ("van der Berg-Smith", ["van der Berg", "Smith"]),
        ("De Souza", []),
        ("O Neil", []),
        ("Mac Donald", []),
        ("Al-Hassan", []),
        ("O'Neill", []),
        ("A-B", []),
        (" - ", []),
        ("", []),
    ],
)
def test_a_name_of_several_surnames_has_their_keys_too(name: str, parts: list[str]) -> None:
    assert names.halves(name) == parts
    keys = names.family_keys(name)
    assert keys[:1] == ((names.family_key(name),) if names.fold(name) else ())
    assert set(keys[1:]) == {names.family_key(part) for part in parts}


@given(TEXT)
def test_the_keys_of_a_name_are_few_different_and_never_blank(name: str) -> None:
    keys = names.family_keys(name)
    assert len(keys) == len(set(keys)) <= names.MOST_KEYS
    assert all(0 < len(key) <= names.LONGEST_KEY for key in keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [("O'Neill", "Pike"), ("Khan", "Begum"), ("Smith", "Jones"), ("Мария", "Анна"), ("李", "王")],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert names.family_key(one) != names.family_key(other)
    assert names.given_key(one) != names.given_key(other)


def test_a_given_name_stands_in_one_row_of_equivalents_only() -> None:
    listed = names._EQUIVALENTS.split()
    assert len(listed) == len(set(listed))
    assert all(names.fold(name) == name for name in listed)


@given(TEXT)
def test_folding_twice_is_folding_once(name: str) -> None:
    assert names.fold(names.fold(name)) == names.fold(name)
    assert names.family_key(names.fold(name)) == names.family_key(name)


@given(TEXT)
def test_keys_fit_their_columns_and_are_the_same_each_time(name: str) -> None:
    for key in (names.family_key, names.given_key):
        assert len(key(name)) <= names.LONGEST_KEY
        assert key(name) == key(name)


@given(LATIN, LATIN, BETWEEN)
def test_a_family_key_ignores_case_spaces_and_punctuation(
    one: str, other: str, between: str
) -> None:
    whole = names.family_key(one + other)
    assert names.family_key(f" {one}{between}{other}. ") == whole
    assert names.family_key((one + other).upper()) == whole
    assert names.family_key(unicodedata.normalize("NFD", one + other)) == whole


@given(LATIN, LATIN)
def test_a_given_key_ignores_case_accents_and_middle_names(one: str, middle: str) -> None:
    assert names.given_key(f"  {one.upper()} {middle}") == names.given_key(one)


@given(LETTERS)
def test_somebody_with_letters_in_their_name_has_a_key(name: str) -> None:
    assert bool(names.family_key(name)) == bool(names.fold(name))


@given(TEXT, TEXT)
def test_comparing_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert names.compare(one, other) == names.compare(other, one)
    assert 0 <= names.compare(one, other) <= 100
    if names.fold(one):
        assert names.compare(one, one) == 100


def test_comparing_tells_near_from_far() -> None:
    assert names.compare("Siobhán", "Shevaun") >= 95
    assert names.compare("O'Neill", "Oneil") > names.compare("O'Neill", "Nolan")
    assert names.compare("", "Pike") == 0


# --- Telephones ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "07700 900417",
        "+44 7700 900417",
        "0044 7700 900417",
        "07700-900-417",
        " 07700900417 ",
        "+44 (0)7700 900417",
        "07700 900417 ext 5",
    ],
)
def test_ways_to_type_a_number_meet(typed: str) -> None:
    assert telephones.e164(typed) == "+447700900417"
    assert telephones.shown("+447700900417") == "07700 900417"


def test_other_numbers() -> None:
    assert telephones.e164("01632 960001") == "+441632960001"
    assert telephones.e164("  ") == ""
    assert telephones.shown("") == ""
    assert telephones.shown("not kept by us") == "not kept by us"


@pytest.mark.parametrize(
    "typed",
    ["999", "withheld", "12", "0770", "07700 900417 07700 900418 1", "\x00", "x" * 5_000_000],
)
def test_what_cannot_be_dialled_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        telephones.e164(typed, field="caller_number")
    assert refusal.value.field == "caller_number"
    assert len(refusal.value.message) < 300
    assert telephones.e164_or_blank(typed) == ""


@given(TEXT)
def test_whatever_is_typed_gives_a_number_or_a_refusal(typed: str) -> None:
    number = telephones.e164_or_blank(typed)
    assert number == "" or (number.startswith("+") and number[1:].isdigit() and len(number) <= 16)
    assert not number or telephones.e164(telephones.shown(number)) == number


# --- Postcodes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "postcode"),
    [
        ("pe19zz", "PE1 9ZZ"),
        ("PE1  9ZZ", "PE1 9ZZ"),
        (" cb1 2ab ", "CB1 2AB"),
        ("", ""),
        ("EC1A 1BB", "EC1A 1BB"),
        ("w1a0ax", "W1A 0AX"),
        ("M1-1AE", "M1 1AE"),
        ("cr26xh", "CR2 6XH"),
    ],
)
def test_postcodes_as_on_envelopes(typed: str, postcode: str) -> None:
    assert postcodes.normalise(typed) == postcode
    assert postcodes.normalise(postcode) == postcode


@pytest.mark.parametrize(
    "typed",
    [
        "PE1",
        "PE1 9Z",
        "12345",
        "PE1 9ZZZ",
        "PE1 ZZ9",
        "ABC1 9ZZ",
        "PE1 9CI",
        "nowhere",
        "\x07",
        "PE1 9ZZ, Fenwick",
        "x" * 5_000_000,
    ],
)
def test_what_is_no_postcode_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        postcodes.normalise(typed, field="home_postcode")
    assert refusal.value.field == "home_postcode"


# --- Addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "Flat 4, 18 Tanglewood Court",
            "flat 4 18 tanglewood ct",
            "FLAT 4  18 TANGLEWOOD CT.",
            "18 Tanglewood Court (Flat 4)",
            "Apartment 4, 18 Tanglewood Court",
            "Apt 4/18 Tanglewood Ct",
        ],
        [
            "3 St Mary's Road",
            "3 Saint Marys Rd",
            "3, St. Mary\N{RIGHT SINGLE QUOTATION MARK}s road",
        ],
        ["12 Lime Grove", "No 12 Lime Grove", "12, lime grove"],
        ["18A Station Street", "18 a Station St", "18a, Station St."],
        ["Ground floor flat, 5 Café Lane", "5 Cafe Ln, ground floor flat"],
    ],
)
def test_spellings_of_an_address_meet(spellings: list[str]) -> None:
    assert len({addresses.key(line, "PE1 9ZZ") for line in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flat 4, 18 Tanglewood Court", "Flat 5, 18 Tanglewood Court"),
        ("18 Tanglewood Court", "Flat 4, 18 Tanglewood Court"),
        ("18 Tanglewood Court", "19 Tanglewood Court"),
        ("1 Lime Grove", "1 Lime Close"),
        ("11 High Street", "1 High Street"),
        ("1 x" + "x" * 300 + "a", "1 x" + "x" * 300 + "b"),
    ],
)
def test_different_addresses_stay_apart(one: str, other: str) -> None:
    assert addresses.key(one, "PE1 9ZZ") != addresses.key(other, "PE1 9ZZ")
    assert addresses.key(one, "PE1 9ZZ") != addresses.key(one, "PE1 9ZY")


@pytest.mark.parametrize(
    "line",
    [
        "Flat 4, 18 Tanglewood Court",
        "Flat 12b, 18 Tanglewood Ct",
        "18 Tanglewood Court",
        "Top floor flat, 18 Tanglewood Court",
        "Unit 3, 18 Tanglewood Court",
        "Room B 18 Tanglewood ct",
    ],
)
def test_the_flats_of_a_building_share_its_key(line: str) -> None:
    assert addresses.building_key(line, "PE1 9ZZ") == "pe19zz|18 tanglewood ct"


@given(TEXT)
def test_folding_an_address_twice_is_folding_it_once(line: str) -> None:
    assert addresses.fold(addresses.fold(line)) == addresses.fold(line)


@given(st.text(max_size=400), st.sampled_from(["", "PE1 9ZZ"]))
def test_address_keys_fit_their_columns(line: str, postcode: str) -> None:
    for key in (addresses.key, addresses.building_key):
        assert len(key(line, postcode)) <= addresses.LONGEST_KEY


@given(st.lists(LATIN, min_size=1, max_size=4), st.sampled_from([", ", "-", "  ", ".", " / "]))
def test_an_address_key_ignores_case_spaces_and_punctuation(words: list[str], between: str) -> None:
    plain = addresses.key(" ".join(["7", *words]), "")
    assert addresses.key(f" 7,{between} " + between.join(words).upper() + ".", "") == plain
