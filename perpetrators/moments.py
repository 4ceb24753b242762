"""Instants as they are said to people, on the force's wall clock."""

from datetime import datetime

from core.clock import local


def moment(instant: datetime, *, day_only: bool = False) -> str:
    """ "22 Nov 2026 at 02:00", or where only the day is known "22 Nov 2026"."""
    there = local(instant)
    day = f"{there.day} {there:%b %Y}"
    return day if day_only else f"{day} at {there:%H:%M}"
