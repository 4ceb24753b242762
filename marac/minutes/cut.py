"""What of the minutes somebody may hold: what is not theirs is absent, and leaves no gap.

An agency holds a case where it was asked about it, sat there while it was heard, or has an action
in it. Of a case it holds its own research, what was said while it sat there, what it said itself,
and what was agreed then or is for it to do. Nothing that is withheld from it, nor what its people
were too near to.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from marac.minutes.content import CaseSaid, Content, Line, PersonThere


def for_agency(content: Content, agency_id: int, *, withheld: Collection[int] = ()) -> Content:
    """The copy of an agency; `withheld` are the victims that are withheld from it today.

    Reasons that speak of the agenda as a whole are for those who keep the conference alone.
    """
    people = [
        one for one in content["people"] if one["agency_id"] == agency_id and not one["is_observer"]
    ]
    cases = [
        _case(case, agency_id, people)
        for case in content["cases"]
        if _holds(case, agency_id, people) and case["victim_id"] not in withheld
    ]
    return {**content, "cases": cases, "no_quorum_reason": "", "over_capacity_reason": ""}


def for_reader(
    content: Content,
    person_id: int,
    *,
    withheld: Collection[int] = (),
    near: Collection[int] = (),
) -> Content:
    """What one person may read of it: nothing withheld from them then or today, nothing near.

    `withheld` are keys of victims, `near` those of hearings.
    """
    cases = [
        case
        for case in content["cases"]
        if person_id not in case["shut_to"]
        and case["victim_id"] not in withheld
        and case["hearing_id"] not in near
    ]
    return {**content, "cases": cases}


def changed_cases(before: Content, after: Content) -> list[str]:
    """The references of the cases that read otherwise in `after`, in its order; those that are not
    in it any more are not named."""
    earlier = {case["hearing_id"]: _read(case) for case in before["cases"]}
    return [
        case["reference"]
        for case in after["cases"]
        if earlier.get(case["hearing_id"]) != _read(case)
    ]


def _holds(case: CaseSaid, agency_id: int, people: Collection[PersonThere]) -> bool:
    """Whether the agency may know of the case at all."""
    if agency_id in case["withheld_from"]:
        return False
    able = [one for one in people if one["id"] not in case["shut_to"]]
    if people and not able:
        return False
    if any(one["agency_id"] == agency_id for one in case["research"]):
        return True
    if any(one["agency_id"] == agency_id for one in case["actions"]):
        return True
    return _sat_in(case, able)


def _case(case: CaseSaid, agency_id: int, people: Collection[PersonThere]) -> CaseSaid:
    """The case as the agency may hold it."""
    able = [one for one in people if one["id"] not in case["shut_to"]]
    sat = _sat_in(case, able)
    cut: CaseSaid = {
        **case,
        "research": [one for one in case["research"] if one["agency_id"] == agency_id],
        "lines": _heard(case["lines"], agency_id, able),
        "actions": [
            one
            for one in case["actions"]
            if one["agency_id"] == agency_id or _there(able, one["agreed_at"])
        ],
        "withheld_from": [],
        "shut_to": [],
        "near": [],
    }
    if not sat:
        cut["wanted"] = cut["not_asked"] = cut["asked"] = cut["ended_words"] = ""
        cut["criteria"], cut["corrections"] = [], []
    return cut


def _heard(lines: list[Line], agency_id: int, people: Collection[PersonThere]) -> list[Line]:
    """What the agency said or heard, and what sets right one of those lines."""
    held: set[int] = set()
    found = []
    for line in lines:
        own = line["agency_id"] == agency_id or line["corrects"] in held
        if own or _there(people, line["at"]):
            held.add(line["id"])
            found.append(line)
    return found


def _sat_in(case: CaseSaid, people: Collection[PersonThere]) -> bool:
    """Whether any of these people was there at any moment while the case was heard."""
    if not case["began_at"]:
        return False
    began, ended = _instant(case["began_at"]), _instant(case["ended_at"] or case["began_at"])
    return any(
        _instant(one["present_at"]) <= ended
        and (not one["left_at"] or _instant(one["left_at"]) >= began)
        for one in people
    )


def _there(people: Collection[PersonThere], instant: str) -> bool:
    """Whether any of these people was there at this moment."""
    at = _instant(instant)
    return any(
        _instant(one["present_at"]) <= at and (not one["left_at"] or at <= _instant(one["left_at"]))
        for one in people
    )


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _read(case: CaseSaid) -> dict[str, Any]:
    """What somebody reads of a case: who was shut out of it is no news to the others."""
    return {key: value for key, value in case.items() if key not in ("shut_to", "withheld_from")}
