"""What is lost if nobody does it in the first hour: the checklist of the first response.

The inspection asked for it (recommendations 12 and 14). Body-worn video is not in the list, because
it has a question of its own that wants a reason when there is none.
"""

from collections.abc import Collection

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

#: What each of them can prove without the victim, once it is done (recommendation 14).
_PROVES: dict[str, str] = {
    "neighbours": "Neighbours: what did they see and hear, and who takes their statements?",
    "cctv": "Cameras: which, of what minutes, and who collects the recording before it is wiped?",
    "photographs_injuries": "Photographs of injuries: which exhibit, and who explains them?",
    "photographs_scene": "Photographs of the scene: which damage, and what does it show?",
    "call_recording": "Recording of the call: what is said and heard in it, in which words?",
    "messages": "Messages and calls: from which telephone, and what do they say?",
    "clothing": "Clothing and objects: what was seized, and what should be looked for on it?",
    "first_account": "First account: said to whom, how soon, in which state, and is it on video?",
}
#: What can still be got while it is not done.
_STILL: dict[str, str] = {
    "neighbours": "Neighbours not asked yet: who knocks, and when?",
    "cctv": "Cameras not found yet: which look at the door and the street?",
    "photographs_injuries": "Injuries not photographed: can an officer or a doctor describe them?",
    "photographs_scene": "Scene not photographed: can it be done before it is tidied?",
    "call_recording": "Recording of the call not asked for: it is always there.",
    "messages": "Messages not secured: are there any, and on whose telephone?",
    "clothing": "Nothing seized: was anything torn, thrown, broken or used?",
    "first_account": "No first account: what did they say in your hearing?",
}


def done_and_not(codes: list[str]) -> tuple[list[str], list[str]]:
    """The checklist in words: what was done and what was not, both in its own order."""
    done = [words for code, words in GOLDEN_HOUR.items() if code in codes]
    return done, [words for code, words in GOLDEN_HOUR.items() if code not in codes]


def without_the_victim(
    codes: Collection[str], *, video: str = "", exhibit: str = ""
) -> tuple[list[str], list[str]]:
    """Prompts for an evidence-led plan: what there is to use, and what can still be got.

    `codes` are those ticked; `video` is the answer about body-worn video, `exhibit` its reference.
    """
    have = [words for code, words in _PROVES.items() if code in codes]
    if video == "yes":
        named = f" {exhibit}" if exhibit else ""
        have.append(f"Body-worn video{named}: which words, which state, which moments?")
    have.append("Officers: your own statements of what you saw, heard and smelt.")
    return have, [words for code, words in _STILL.items() if code not in codes]
