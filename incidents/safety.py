"""What can be put in place before officers leave: the checklist of the immediate safety plan.

Each measure is something that somebody did or arranged at the scene. The plan's own words say who
does what next; a list of ticks alone is no plan.
"""

MEASURES: dict[str, str] = {
    "other_gone": "The other person has gone, and where to is known",
    "locks": "Locks, doors and windows looked at and made good",
    "telephone": "A working telephone at hand, charged, with the numbers in it",
    "elsewhere": "Somewhere else to stay tonight",
    "alarm": "Panic alarm or camera asked for",
    "neighbours": "A neighbour or relative knows and will ring 999",
    "code_word": "A code word agreed for calling for help",
    "children": "Who looks after the children tonight is agreed",
    "school": "The children's school or nursery is to be told",
    "marker": "A marker on the address or the number asked for",
    "officers_return": "Officers come by again this tour, and the time is agreed",
    "information": "Told how to reach support, in a way that is safe to keep",
}


def measures_in_words(codes: list[str]) -> list[str]:
    """The measures that were taken, in the list's own order."""
    return [words for code, words in MEASURES.items() if code in codes]
