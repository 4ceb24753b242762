"""Asking the API as a persona, for every test of it."""

from typing import Any
from uuid import uuid4

from django.test import Client

from accounts.models import User
from tests.personas import person


class Api:
    """The API under one address, as one persona signed in."""

    def __init__(self, who: str, under: str = "") -> None:
        self.client = Client(raise_request_exception=True)
        user = User.objects.filter(username=who).first() or person(who)
        self.client.force_login(user, backend="accounts.backends.RoleBackend")
        self.under = f"/api/v1/{under}"

    def get(self, address: str, status: int = 200, **query: Any) -> Any:
        response = self.client.get(self.under + address, query)
        assert response.status_code == status, response.content
        return response.json()

    def post(
        self, address: str, said: Any = None, status: int = 200, key: str | None = None
    ) -> Any:
        response = self.client.post(
            self.under + address,
            {} if said is None else said,
            content_type="application/json",
            headers={"Idempotency-Key": key or str(uuid4())},
        )
        assert response.status_code == status, response.content
        return response.json() if response.content else None

    def refused(self, address: str, said: Any, status: int = 400) -> dict[str, list[str]]:
        """What the fields are told when something is refused."""
        problem = self.post(address, said, status)
        assert problem["status"] == status and problem["detail"]
        return dict(problem.get("errors", {}))
