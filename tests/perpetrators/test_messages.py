"""The shape of a message: one reading for JSON, files and pages, and refusals at the field."""

from datetime import UTC, date, datetime

import pytest

from core.errors import InvalidInput
from perpetrators.messages import HERE, from_content, parse

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BAIL = {
    "system": "custody",
    "message_id": "m-1",
    "kind": "bail",
    "happened_at": "2026-11-22T16:10:00+00:00",
    "person_number": "N/87/1",
    "custody_number": "C/26/100",
    "bail_until": "2026-12-20T14:00:00Z",
    "conditions": [{"kind": "no_contact", "words": "with Siobhán O'Neill"}],
}


def said(**changes):
    return parse({**BAIL, **changes}, at=AT)


def test_a_whole_message():
    message = said()
    assert message.happened_at == datetime(2026, 11, 22, 16, 10, tzinfo=UTC)
    assert message.bail_until == datetime(2026, 12, 20, 14, 0, tzinfo=UTC)
    assert message.conditions == (("no_contact", "with Siobhán O'Neill"),)
    assert message.key == ("custody", "m-1")


def test_what_was_kept_is_read_as_it_was_said():
    message = said(release_on="2026-12-01", bail_by_court=True, date_of_birth="1987-09-02")
    again = from_content(message.content, at=AT)
    assert again == message
    assert again.fingerprint == message.fingerprint


def test_a_file_says_the_same_as_the_api():
    row = {
        **BAIL,
        "conditions": "no_contact: with Siobhán O'Neill",
        "bail_by_court": "no",
        "bail_until": "2026-12-20T14:00:00+00:00",
        "court": "",
    }
    assert parse(row, at=AT).fingerprint == said().fingerprint


def test_the_same_instant_in_another_offset_is_the_same_message():
    assert said(happened_at="2026-11-22T17:10:00+01:00").fingerprint == said().fingerprint


def test_other_content_has_another_fingerprint():
    assert said(bail_until="2026-12-21T14:00:00Z").fingerprint != said().fingerprint


def test_a_release_known_by_its_day_begins_with_it():
    message = said(kind="prison-release-planned", release_on="2026-07-01")
    assert message.release_on == date(2026, 7, 1)
    assert message.expected_at == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)


def test_a_record_made_here_needs_no_custody_number():
    assert said(system=HERE, custody_number="").custody_number == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sytem": "custody"}, "sytem"),
        ({"system": ""}, "system"),
        ({"system": "cust ody"}, "system"),
        ({"message_id": ""}, "message_id"),
        ({"message_id": 7}, "message_id"),
        ({"message_id": "x" * 101}, "message_id"),
        ({"kind": "escape"}, "kind"),
        ({"kind": ["bail"]}, "kind"),
        ({"happened_at": ""}, "happened_at"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"happened_at": "2026-11-22T16:10:00"}, "happened_at"),
        ({"happened_at": "2026-11-23T10:16:00Z"}, "happened_at"),
        ({"happened_at": "0001-01-01T00:00:00+14:00"}, "happened_at"),
        ({"happened_at": 1763827800}, "happened_at"),
        ({"person_number": ""}, "person_number"),
        ({"custody_number": ""}, "custody_number"),
        ({"date_of_birth": "2027-01-01"}, "date_of_birth"),
        ({"date_of_birth": "2 Sept"}, "date_of_birth"),
        ({"bail_by_court": "perhaps"}, "bail_by_court"),
        ({"conditions": {"kind": "curfew"}}, "conditions"),
        ({"conditions": ["curfew"]}, "conditions"),
        ({"conditions": [{"kind": "silence", "words": ""}]}, "conditions"),
        ({"conditions": [{"kind": "curfew", "words": "x"}] * 31}, "conditions"),
        ({"conditions": "silence: always"}, "conditions"),
        ({"kind": "court-date"}, "hearing_at"),
        ({"kind": "court-date-vacated"}, "listing"),
        ({"kind": "prison-release-planned"}, "release_at"),
        (
            {
                "kind": "prison-release-planned",
                "release_at": "2026-12-01T09:00:00Z",
                "release_on": "2026-12-01",
            },
            "release_on",
        ),
        ({"offence": "a\x00b"}, "offence"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(changes, field):
    with pytest.raises(InvalidInput) as refused:
        said(**changes)
    assert refused.value.field == field
