"""Schools hear of a child before their next day begins: owed, told, not needed, gone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from core import policy, working_time
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.models import PolicyVersion
from deadlines import kinds
from deadlines.models import Deadline
from incidents.models import Incident, Involvement
from incidents.services.response import ChildFound, record_first_response
from referrals import services
from referrals.models import SchoolNotice, Sharing
from referrals.services.schools.ages import may_be_of_school_age, seen_child
from referrals.services.schools.owing import GONE, NOT_OF_AGE
from tests.factories import incidents, response
from tests.factories.incidents import couple, in_call
from tests.factories.referrals import an_agency
from tests.marks import committed
from tests.personas import PEOPLE, person, team
from tests.referrals.races import together
from victims.models import Person

pytestmark = pytest.mark.django_db
UNIT = {"worker", "worker_b", "manager"}
#: A Monday at ten: school has begun, so the next day begins on Tuesday.
TUESDAY = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ELLA = {"given_name": "Ella", "family_name": "O'Neill", "date_of_birth": date(2020, 5, 1)}
TOM = {"given_name": "Tom", "family_name": "O'Neill", "date_of_birth": date(2012, 5, 1)}


def with_children(*children: dict[str, Any], at: datetime, **more: Any) -> Incident:
    """A call that names these children."""
    team("maru")
    people = (*couple(), *(in_call("child", **child) for child in children))
    return incidents.incident(at=at, people=people, **more)


def school(name: str = "Tanglewood Primary") -> int:
    return an_agency(name, "education").pk


def told(row: Incident, at: datetime, **changes: Any) -> Sharing:
    said = {
        "notice_ids": [one.pk for one in row.school_notices.all()],
        "agency_id": school(),
        "actor": person("worker"),
    }
    return services.tell_school(incident_id=row.pk, at=at, **{**said, **changes})


def test_each_child_of_school_age_is_owed_once(at: datetime) -> None:
    row = with_children(ELLA, TOM, at=at)
    notices = list(SchoolNotice.objects.order_by("pk"))
    assert [str(one.child) for one in notices] == ["Ella O'Neill", "Tom O'Neill"]
    assert {one.victim.person.given_name for one in notices} == {"Siobhán"}
    assert {one.due_at for one in notices} == {TUESDAY}
    clocks = Deadline.objects.open().filter(kind="school_notice")
    assert {(one.due_at, one.team, one.subject_reference) for one in clocks} == {
        (TUESDAY, team("maru"), row.reference)
    }
    assert clocks.count() == 2
    services.follow_children(incident_id=row.pk, actor=person("handler"), at=at)
    assert SchoolNotice.objects.count() == clocks.count() == 2


@pytest.mark.parametrize(
    ("born", "owed"),
    [
        (date(2022, 11, 24), False),
        (date(2022, 11, 23), True),
        (date(2008, 11, 24), True),
        (date(2008, 11, 23), False),
    ],
    ids=["four tomorrow", "four today", "eighteen tomorrow", "eighteen today"],
)
def test_school_age_is_of_that_day(at: datetime, born: date, owed: bool) -> None:
    with_children({**ELLA, "date_of_birth": born}, at=at)
    assert SchoolNotice.objects.exists() is owed


@pytest.mark.parametrize(
    ("age", "owed"), [(None, True), (3, False), (4, True), (17, True), (18, True), (19, False)]
)
def test_a_child_of_unknown_age_may_be_of_school_age(
    at: datetime, age: int | None, owed: bool
) -> None:
    """A year of birth leaves two ages: whoever turns eighteen this year may still be seventeen."""
    with_children({**ELLA, "date_of_birth": None, "age": age}, at=at)
    assert SchoolNotice.objects.exists() is owed


def test_ages_are_the_forces_policy(at: datetime) -> None:
    PolicyVersion.objects.create(
        effective_from=at - timedelta(days=1),
        values={"school_youngest": 7},
        author=person("head"),
        reason="Ours begin later",
        recorded_at=at - timedelta(days=1),
    )
    with_children(ELLA, TOM, at=at)
    assert [str(one.child) for one in SchoolNotice.objects.all()] == ["Tom O'Neill"]


def test_no_child_no_notice_and_one_more_query_for_a_call(at: datetime) -> None:
    incidents.incident(at=at)
    assert not SchoolNotice.objects.exists()


def test_a_child_seen_at_the_scene_is_owed_from_the_call(at: datetime) -> None:
    team("maru")
    found = response.responded(at=at)
    notice = SchoolNotice.objects.get()
    assert (str(notice.child), notice.child.birth_year, notice.due_at) == ("Ella", 2020, TUESDAY)
    people = Person.objects.count()
    again = response.findings(found.incident, wishes="I want him gone.")
    record_first_response(
        incident_id=found.incident_id, actor=person("officer"), findings=again, version=1, at=at
    )
    assert (SchoolNotice.objects.count(), Person.objects.count()) == (1, people)


def test_a_child_put_right_falls_away_with_words_and_comes_back(at: datetime) -> None:
    team("maru")
    found = response.responded(at=at)

    def put_right(version: int, *children: ChildFound) -> SchoolNotice:
        findings = response.findings(found.incident, children=children)
        record_first_response(
            incident_id=found.incident_id,
            actor=person("officer"),
            findings=findings,
            version=version,
            at=at,
        )
        return SchoolNotice.objects.order_by("pk").first()  # type: ignore[return-value]

    baby = ChildFound(name="Ella, 1", was_seen=True, was_spoken_to=False, words="Asleep")
    gone = put_right(1, baby)
    assert (gone.state, gone.words) == ("not_needed", GONE)
    deadline = Deadline.objects.get(kind="school_notice")
    assert deadline.state == "cancelled"
    back = put_right(2, ChildFound(**response.ELLA))
    assert (back.state, back.words) == ("owed", "")
    assert Deadline.objects.open().filter(kind="school_notice").count() == 1


def test_a_child_named_in_a_call_falls_away_when_taken_out_or_too_old(at: datetime) -> None:
    row = with_children(ELLA, TOM, at=at)
    Person.objects.filter(given_name="Tom").update(date_of_birth=date(2001, 5, 1))
    Involvement.objects.filter(person__given_name="Ella").delete()
    services.follow_children(incident_id=row.pk, actor=person("handler"), at=at)
    assert [one.words for one in SchoolNotice.objects.order_by("pk")] == [GONE, NOT_OF_AGE]
    assert not Deadline.objects.open().filter(kind="school_notice").exists()


def test_one_school_is_told_of_several_children_in_one_go(at: datetime) -> None:
    row = with_children(ELLA, TOM, at=at)
    sharing = told(row, at)
    assert (sharing.kind, sharing.basis, sharing.consent) == ("school", "child", "not_needed")
    assert sharing.what == ["children"]
    [part] = sharing.told
    assert [words.partition(",")[0] for _, words in part["lines"]] == [
        "Ella O'Neill",
        "Tom O'Neill",
    ]
    everything = f"{sharing.told} {sharing.why}"
    for secret in ("Siobhán", "Darren", "Pike", "banging", "Tanglewood Court"):
        assert secret not in everything
    assert set(SchoolNotice.objects.values_list("state", "sharing")) == {("told", sharing.pk)}
    assert set(Deadline.objects.filter(kind="school_notice").values_list("state", flat=True)) == {
        "met"
    }


def test_a_school_hears_the_name_of_a_child_seen_at_the_scene(at: datetime) -> None:
    team("maru")
    sharing = told(response.responded(at=at).incident, at)
    assert sharing.told == [{"part": "children", "lines": [["Child", "Ella, born about 2020"]]}]
    assert sharing.why.startswith("The police came to an incident of domestic abuse on 23 November")


def test_told_late_is_late_for_ever(at: datetime) -> None:
    row = with_children(ELLA, at=at)
    told(row, TUESDAY + timedelta(minutes=1))
    assert Deadline.objects.get(kind="school_notice").state == "met_late"


def test_each_child_to_its_own_school(at: datetime) -> None:
    row = with_children(ELLA, TOM, at=at)
    ella, tom = row.school_notices.order_by("pk")
    first = told(row, at, notice_ids=[ella.pk])
    second = told(row, at, notice_ids=[tom.pk], agency_id=school("Fen Academy"))
    assert "Tom" not in str(first.told)
    assert "Ella" not in str(second.told)


def test_not_needed_takes_words_and_can_be_undone(at: datetime) -> None:
    row = with_children(ELLA, at=at)
    notice = row.school_notices.get()
    said: dict[str, Any] = {
        "incident_id": row.pk,
        "notice_ids": [notice.pk],
        "actor": person("worker"),
        "at": at,
    }
    with pytest.raises(InvalidInput):
        services.not_needed(**said, words=" ")
    services.not_needed(**said, words="Taught at home.")
    notice.refresh_from_db()
    assert (notice.state, notice.words) == ("not_needed", "Taught at home.")
    assert Deadline.objects.get(kind="school_notice").state == "cancelled"
    # What a person settled stays, whatever is recorded later.
    services.follow_children(incident_id=row.pk, actor=person("handler"), at=at)
    notice.refresh_from_db()
    assert notice.words == "Taught at home."
    with pytest.raises(AlreadyTaken, match="M\\. Castellanos said"):
        told(row, at)
    services.needed_after_all(
        incident_id=row.pk, notice_id=notice.pk, actor=person("worker"), at=at
    )
    told(row, at)
    with pytest.raises(DomainError):
        services.needed_after_all(
            incident_id=row.pk, notice_id=notice.pk, actor=person("worker"), at=at
        )


def test_a_school_on_the_register_or_none_at_all_is_refused(at: datetime) -> None:
    row = with_children(ELLA, at=at)
    notice = row.school_notices.get()
    agency = an_agency("Tanglewood Primary", "education")
    agency.withholdings.create(
        victim=notice.victim, reason="He teaches there", set_by=person("head"), set_at=at
    )
    for agency_id in (agency.pk, an_agency().pk):
        with pytest.raises(InvalidInput) as refused:
            told(row, at, agency_id=agency_id)
        assert refused.value.field == "agency"
    with pytest.raises(InvalidInput):
        told(row, at, notice_ids=[])
    notice.refresh_from_db()
    assert notice.state == "owed"


@pytest.mark.parametrize("username", sorted(set(PEOPLE) - UNIT))
def test_only_the_unit_tells_schools(at: datetime, username: str) -> None:
    row = with_children(ELLA, at=at)
    with pytest.raises(PermissionDenied):
        told(row, at, actor=person(username))
    with pytest.raises(PermissionDenied):
        services.not_needed(
            incident_id=row.pk,
            notice_ids=[row.school_notices.get().pk],
            words="No",
            actor=person(username),
            at=at,
        )


@pytest.mark.parametrize(
    ("words", "name", "age"),
    [
        ("Ella, 6", "Ella", 6),
        ("Ella O'Neill 12", "Ella O'Neill", 12),
        ("Ella (6)", "Ella", 6),
        ("Ella", "Ella", None),
        ("a girl, about 7", "a girl, about", 7),
        ("2 boys", "2 boys", None),
    ],
)
def test_a_name_as_officers_write_it(words: str, name: str, age: int | None) -> None:
    found = seen_child(words)
    assert (found.name, found.age) == (name, age)


RULES = policy.ForcePolicy(
    school_breaks=("2026-10-26/2026-10-30", "2026-12-21/2027-01-01", "2027-07-22/2027-09-02")
)
MOMENTS = st.datetimes(datetime(2026, 9, 1), datetime(2027, 9, 30), timezones=st.just(UTC))


@settings(max_examples=200, deadline=None)
@given(called=MOMENTS)
def test_the_school_knows_before_its_next_day_and_never_on_a_day_without_school(
    called: datetime,
) -> None:
    due = kinds.get("school_notice").due(called, RULES)
    there = due.astimezone(working_time.LONDON)
    assert due > called
    assert (there.hour, there.minute) == (8, 30)
    assert working_time.is_school_day(there.date(), RULES.calendar)
    # No school day begins between the call and the due time.
    day = called.astimezone(working_time.LONDON).date()
    while day < there.date():
        begins = datetime(day.year, day.month, day.day, 8, 30, tzinfo=working_time.LONDON)
        assert begins <= called or not working_time.is_school_day(day, RULES.calendar)
        day += timedelta(days=1)


@settings(max_examples=200, deadline=None)
@given(born=st.dates(date(2000, 1, 1), date(2026, 11, 23)), on=st.dates(date(2026, 11, 23)))
def test_a_year_of_birth_never_loses_a_child_whose_birth_date_would_be_owed(
    born: date, on: date
) -> None:
    exactly = may_be_of_school_age(Person(date_of_birth=born), on, RULES)
    by_year = may_be_of_school_age(Person(birth_year=born.year), on, RULES)
    assert by_year or not exactly


@committed
def test_the_same_incident_followed_twice_at_once_owes_once(at: datetime) -> None:
    row = with_children(ELLA, TOM, at=at)
    SchoolNotice.objects.all().delete()
    Deadline.objects.filter(kind="school_notice").delete()
    actor = person("handler")
    step = lambda: services.follow_children(incident_id=row.pk, actor=actor, at=at)  # noqa: E731
    assert together(step, step) == [None, None]
    assert SchoolNotice.objects.count() == 2
    assert Deadline.objects.filter(kind="school_notice").count() == 2


@committed
def test_two_workers_tell_one_school_once(at: datetime) -> None:
    row = with_children(ELLA, at=at)
    workers, primary = (person("worker"), person("worker_b")), school()
    answers = together(
        *(
            lambda worker=worker: told(row, at, actor=worker, agency_id=primary)  # type: ignore[misc]
            for worker in workers
        )
    )
    assert sorted(type(one).__name__ for one in answers) == ["AlreadyTaken", "Sharing"]
    assert Sharing.objects.count() == 1
    assert AuditEvent.objects.filter(verb="school.told").count() == 1
