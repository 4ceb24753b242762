"""How many unconnected victims: households, victims harmed together, partners one after another."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from perpetrators.services.serial.connected import Complaint, Home, unconnected

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HERE, THERE = 1, 2


def of(days_ago: int, *victims: int, at: int | None = None) -> Complaint:
    """A complaint of these victims so many days ago."""
    return Complaint(days_ago, AT - timedelta(days=days_ago), at, frozenset(victims))


def home(victim: int, days_ago: int, address: int = HERE, until: int | None = None) -> Home:
    left = None if until is None else AT - timedelta(days=until)
    return Home(victim, address, AT - timedelta(days=days_ago), left)


def test_nobody_and_one() -> None:
    assert unconnected([]) == 0
    assert unconnected([of(9, 1), of(5, 1)]) == 1


def test_two_of_two_incidents_are_two() -> None:
    assert unconnected([of(9, 1), of(5, 2)]) == 2


def test_two_who_were_only_ever_harmed_together_are_one() -> None:
    assert unconnected([of(9, 1, 2), of(5, 1, 2)]) == 1
    assert unconnected([of(9, 1, 2), of(5, 1)]) == 1


def test_two_who_were_each_harmed_alone_stay_two_when_harmed_together_later() -> None:
    assert unconnected([of(9, 1), of(5, 2), of(2, 1, 2)]) == 2


def test_mother_and_son_of_one_household_are_one() -> None:
    homes = [home(1, 30), home(2, 5)]
    assert unconnected([of(30, 1, at=HERE), of(5, 2, at=HERE)], homes) == 1


def test_partners_one_after_another_at_one_address_are_two() -> None:
    """Nobody recorded that the first left; nobody has said for a year that she lives there."""
    homes = [home(1, 800), home(2, 20)]
    assert unconnected([of(800, 1, at=HERE), of(20, 2, at=HERE)], homes) == 2


def test_a_partner_who_is_known_to_have_left_is_another() -> None:
    homes = [home(1, 200, until=100), home(2, 50)]
    assert unconnected([of(150, 1, at=HERE), of(20, 2, at=HERE)], homes) == 2


def test_a_household_and_a_stranger_are_two() -> None:
    homes = [home(1, 30), home(2, 30), home(3, 30, THERE)]
    assert unconnected([of(20, 1), of(10, 2), of(5, 3)], homes) == 2


def test_records_of_one_victim_are_one() -> None:
    assert unconnected([of(9, 1), of(5, 2)], same=[(2, 1)]) == 1
    assert unconnected([of(9, 1), of(5, 2), of(2, 3)], same=[(2, 1), (2, 3)]) == 2


def test_a_ring_of_households_is_counted_exactly() -> None:
    """Five in a ring, each alike to the next: two at most are apart."""
    ring = [(one, one % 5 + 1) for one in range(1, 6)]
    assert unconnected([of(one, one) for one in range(1, 6)], same=ring) == 2


def test_many_households_are_counted_quickly() -> None:
    complaints = [of(n + 1, n) for n in range(120)]
    homes = [home(n, 200, n // 4) for n in range(120)]
    assert unconnected(complaints, homes) == 30


complaint = st.tuples(
    st.frozensets(st.integers(1, 5), min_size=1, max_size=3), st.sampled_from([None, HERE, THERE])
)
a_home = st.tuples(
    st.integers(1, 5), st.sampled_from([HERE, THERE]), st.integers(0, 900), st.integers(1, 900)
)


@given(st.lists(complaint, min_size=1, max_size=8), st.lists(a_home, max_size=6))
def test_a_further_incident_never_lowers_the_number(
    told: list[tuple[frozenset[int], int | None]], lived: list[tuple[int, int, int, int]]
) -> None:
    start = AT - timedelta(days=900)
    complaints = [
        Complaint(n, start + timedelta(days=100 * n), where, victims)
        for n, (victims, where) in enumerate(told)
    ]
    homes = [
        Home(who, where, start + timedelta(days=since), start + timedelta(days=since + length))
        for who, where, since, length in lived
    ]
    counts = [unconnected(complaints[:n], homes) for n in range(len(complaints) + 1)]
    assert counts == sorted(counts)
    victims = {one for complaint in complaints for one in complaint.victim_ids}
    assert min(1, len(victims)) <= counts[-1] <= len(victims)
