"""Rows locked in one order by everybody: the case, the meeting, the hearing.

Where a victim's own row is written too, it is locked before them.
"""

from marac.models import Hearing, MaracCase, Meeting


def locked_case(case_id: int) -> MaracCase:
    """The case with its victim and conference, locked until the transaction ends."""
    MaracCase.objects.select_for_update(no_key=True).get(pk=case_id)
    return MaracCase.objects.select_related(
        "victim__person", "perpetrator", "conference__team", "agency"
    ).get(pk=case_id)


def locked_meeting(meeting_id: int) -> Meeting:
    """The meeting with its conference, locked until the transaction ends."""
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting_id)
    return Meeting.objects.select_related("conference__team", "chair", "coordinator").get(
        pk=meeting_id
    )


def locked_hearing(hearing_id: int) -> Hearing:
    """The hearing with its case, meeting and victim: all three rows locked, in that order."""
    keys = Hearing.objects.values("case_id", "meeting_id").get(pk=hearing_id)
    case, meeting = locked_case(keys["case_id"]), locked_meeting(keys["meeting_id"])
    hearing = Hearing.objects.select_for_update(no_key=True).get(pk=hearing_id)
    hearing.case, hearing.meeting, hearing.victim = case, meeting, case.victim
    return hearing
