"""Choosing a person."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from victims.people import by_team


class PersonField(forms.ChoiceField):
    """One of the people offered, by team, one's own team first; gives the person."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._people: dict[str, User] = {}

    def offer(self, people: Iterable[User], reader: User) -> None:
        """Offer these; whoever is not among them cannot be chosen."""
        self._people = {one.username: one for one in people}
        first = [("", "Choose somebody")]
        self.choices = [*first, *by_team(self._people.values(), reader.team_id)]

    def clean(self, value: Any) -> User | None:
        username = super().clean(value)
        return self._people.get(username)
