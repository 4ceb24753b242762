"""The handler's questions: always there, in order, and honest about what this service holds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from incidents.history import Clues, History, NameClue, look_up, told
from incidents.history.answers import NO_CONFERENCES, NO_ORDERS, answers
from incidents.models import Crime
from incidents.pages.known import answered, found
from tests.factories.incidents import NOW, in_call, incident
from tests.factories.victims import safe_contact
from tests.personas import person
from victims.models import Marker, Person, Victim

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)
ORDER = (
    "been_here",
    "lives_there",
    "children",
    "dangerous",
    "orders",
    "conferences",
    "last_grade",
    "code_word",
)
CLUES: dict[str, Any] = {
    "number": "+447700900417",
    "address_line": "Flat 4, 18 Tanglewood Court",
    "postcode": "PE1 9ZZ",
}


def known(who: str = "handler", **clues: Any) -> History:
    return look_up(clues=Clues(**(clues or CLUES)), at=LATER, reader=person(who))


def words(history: History) -> dict[str, list[str]]:
    return {
        one.code: [
            " | ".join(filter(None, [line.words, *line.tags, line.after])) for line in one.lines
        ]
        for one in answers(history)
    }


@pytest.fixture
def before() -> Victim:
    row = incident(
        answers={"strangled": "yes", "orders": "yes"},
        people=(
            in_call(
                "victim",
                given_name="Siobhán",
                family_name="O'Neill",
                lives_here=True,
                date_of_birth=date(1991, 3, 14),
            ),
            in_call("perpetrator", given_name="Darren", family_name="Pike"),
            in_call("child", given_name="Ella", family_name="O'Neill", age=6, lives_here=True),
        ),
    )
    victim = Victim.objects.get()
    Crime.objects.create(
        incident=row,
        victim=victim,
        category="breach_of_order",
        number="C1",
        recorded_at=NOW,
        recorded_by=person("officer"),
    )
    Victim.objects.update(grade="very_high", grade_since=NOW, grade_reason="Strangulation")
    victim.refresh_from_db()
    safe_contact(victim)
    Marker.objects.create(
        kind="weapons",
        person=row.involvements.get(role="perpetrator").person,
        words="Machete",
        set_by=person("inspector"),
        set_at=NOW,
        until=date(2027, 1, 30),
    )
    return victim


def test_every_question_is_answered_in_a_line_or_two(before: Victim) -> None:
    said = words(known())

    assert tuple(said) == ORDER
    assert said["been_here"] == [
        "1 incident in 12 months | 1 at this address, 1 from this number, 1 of these people",
        f"Newest: {before.involvements.get().incident.reference}, 23 Nov 2026, breach of an order",
    ]
    assert said["lives_there"] == ["Siobhán O'Neill, 35 | risk very high", "Ella O'Neill, 6"]
    assert said["children"] == ["Ella O'Neill, 6"]
    assert said["dangerous"] == [
        "Darren Pike | marker: weapons | breach of an order, Nov 2026 | strangulation, Nov 2026"
        " | complained of 23 Nov 2026"
    ]
    assert said["last_grade"] == ["Very high: Siobhán O'Neill since 23 Nov 2026 | Strangulation"]
    assert said["code_word"] == [
        'Siobhán O\'Neill: code word "library" | text message 07700 900417, 09:30-14:30,'
        " never voicemail"
    ]


def test_orders_are_told_as_what_was_said_then(before: Victim) -> None:
    said = words(known())
    reference = before.involvements.get().incident.reference

    assert said["orders"] == [
        f"Breach of an order was recorded | 23 Nov 2026, {reference}",
        f"An order or bail was spoken of | 23 Nov 2026, {reference}",
    ]
    # Conferences keep a register: nothing of them is guessed from a grade.
    assert said["conferences"] == ["None open in the register."]


def test_nothing_known_is_an_answer_too_and_never_none_without_a_register() -> None:
    said = answers(known(number="+447700900111"))

    assert tuple(one.code for one in said) == ORDER
    assert all(len(one.lines) == 1 for one in said)
    assert not any(one.is_alarming for one in said)
    by_code = {one.code: one.lines[0].words for one in said}
    assert by_code["orders"] == "None on record."
    assert by_code["conferences"] == "None open in the register."
    assert by_code["lives_there"] == "No address is given yet."
    assert by_code["code_word"] == "Nobody is surely recognised yet."
    assert answers(known(names=())) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("9 Nowhere Lane", "Not known: this address is not on record."),
        ("Flat 4, 18 Tanglewood Court", "Nobody on record at this address."),
    ],
)
def test_an_empty_address_and_an_unknown_one_are_told_apart(line: str, said: str) -> None:
    incident(people=(), caller_name="", caller_number="")
    there = known(address_line=line, postcode="PE1 9ZZ")
    assert words(there)["lives_there"] == [said]


def test_the_home_is_told_while_only_the_telephone_is_known(before: Victim) -> None:
    said = words(known(number="+447700900417"))
    assert said["lives_there"] == ["Siobhán O'Neill: Flat 4, 18 Tanglewood Court, PE1 9ZZ"]


def test_a_code_word_is_told_of_nobody_who_is_only_alike(before: Victim) -> None:
    alike = known(names=(NameClue("Shevaun", "Oneil"),))
    assert [one.name for one in alike.people] == ["Siobhán O'Neill"]
    assert not alike.safe_ways
    assert alike.counts.in_year == 0

    sure = known(names=(NameClue("Shevaun", "Oneil", date(1991, 3, 14)),))
    assert [one.code_word for one in sure.safe_ways] == ["library"]


def test_without_a_register_silence_is_not_none(
    before: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "_tellers", {})
    assert words(known())["orders"][-1] == NO_ORDERS
    nowhere = answers(known(number="+447700900111"))
    assert {one.code: one.lines[0].words for one in nowhere}["orders"] == NO_ORDERS
    # Without a register of conferences a grade is all that is known of them.
    assert words(known())["conferences"] == [
        "Siobhán O'Neill is graded very high: a conference case. | since 23 Nov 2026",
        NO_CONFERENCES,
    ]
    assert {one.code: one.lines[0].words for one in nowhere}["conferences"] == NO_CONFERENCES


@pytest.fixture
def registers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[told.Asked]]:
    """A register of each kind, as an app above this one will keep; what each was asked."""
    monkeypatch.setattr(told, "_tellers", {})
    asked: list[told.Asked] = []

    def orders(question: told.Asked) -> list[told.Told]:
        asked.append(question)
        return [told.Told("Bail: not within 100 m of Tanglewood Court", reference="B-1", url="/b/")]

    told.register(told.ORDERS, orders)
    told.register(told.ORDERS, orders)
    told.register(told.CONFERENCES, lambda question: [])
    yield asked


def test_registers_of_higher_apps_answer_once_and_silence_then_means_none(
    before: Victim, registers: list[told.Asked]
) -> None:
    history = known()
    said = words(history)

    assert said["orders"][0] == "Bail: not within 100 m of Tanglewood Court | B-1"
    assert NO_ORDERS not in said["orders"]
    # The grade itself is in the answer about grades.
    assert said["conferences"] == ["None open in the register."]
    [question] = registers
    assert before.person_id in question.person_ids
    assert Person.objects.get(family_name="Pike").pk in question.perpetrator_ids
    assert '<a href="/b/">' in answered(history)


def test_a_register_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="weather"):
        told.register("weather", lambda asked: [])


def test_nobody_is_asked_where_nothing_is_found(registers: list[told.Asked]) -> None:
    known(number="+447700900111")
    assert registers == []


def test_long_answers_say_how_much_more_there_is(before: Victim) -> None:
    history = known()
    many = replace(history, dangerous=history.dangerous * 9)
    assert words(many)["dangerous"][-1] == "and 5 more"


def test_what_was_typed_is_never_mark_up() -> None:
    bad = '"><script>alert(1)</script>'
    row = incident(
        people=(
            in_call("victim", given_name=bad, family_name=bad, lives_here=True),
            in_call("perpetrator", given_name=bad, family_name=bad),
            in_call("child", given_name=bad, family_name=bad, age=6, lives_here=True),
        ),
        address_line=f"1 {bad}",
    )
    Victim.objects.update(grade="high", grade_since=NOW, grade_reason=bad)
    safe_contact(Victim.objects.get(), code_word=bad[:60], hours=bad)
    history = known(
        number="+447700900417",
        set_aside=frozenset({f"incident:{bad}", f"incident:{row.reference}"}),
    )
    for html in (answered(history), found(history, now=LATER)):
        assert "<script>" not in html
    assert "&lt;script&gt;" in found(history, now=LATER)
    assert "&lt;script&gt;" in answered(history)
