"""What is lost if nobody does it in the first hour: the checklist of the first response.

The inspection asked for it (recommendations 12 and 14). Body-worn video is not in the list, because
it has a question of its own that wants a reason when there is none.
"""

GOLDEN_HOUR: dict[str, str] = {
    "neighbours": "Neighbours asked what they saw and heard",
    "cctv": "CCTV and doorbell cameras found",
    "photographs_injuries": "Injuries photographed",
    "photographs_scene": "Scene photographed",
    "call_recording": "Recording of the call asked for",
    "messages": "Messages and calls on telephones secured",
    "clothing": "Clothing and objects seized",
    "first_account": "First account taken in their own words",
}


def done_and_not(codes: list[str]) -> tuple[list[str], list[str]]:
    """The checklist in words: what was done and what was not, both in its own order."""
    done = [words for code, words in GOLDEN_HOUR.items() if code in codes]
    return done, [words for code, words in GOLDEN_HOUR.items() if code not in codes]
