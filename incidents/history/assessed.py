"""The risk grade of earlier incidents, told by the app that assesses: a higher one."""

from collections.abc import Callable, Mapping, Sequence

#: From incident ids to the gravest risk grade given to each, where one was given.
Grades = Callable[[Sequence[int]], Mapping[int, str]]

_tellers: list[Grades] = []


def register(teller: Grades) -> Grades:
    """Let an app tell the grades; asked once a look-up, for the incidents shown."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def grades_of(incident_ids: Sequence[int]) -> dict[int, str]:
    """What is told of these incidents; nothing is asked where there are none."""
    told: dict[int, str] = {}
    for teller in _tellers if incident_ids else ():
        told.update(teller(incident_ids))
    return told
