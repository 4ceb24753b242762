"""Nonsense sent to the API is refused with words, never with a failure.

What is sent is made from the schema: every field of every step at once, each in turn something that
cannot be meant, sent by somebody who may do the step.
"""

import json
from typing import Any

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from tests.config.every_address.asking import signed_in
from tests.config.every_address.rules import RULES
from tests.config.every_address.world import Case

pytestmark = pytest.mark.django_db

#: What no field means, whatever its type.
HOSTILE: dict[str, Any] = {"null byte": "a\x00b", "object": {"a": {"b": []}}}
#: A text may mean this, and what it says is undone; a number may not, and nothing may fail of it.
STRANGE: dict[str, Any] = {"large number": 10**30}
#: The referral unit's, advisers', agencies' and conferences' part of the API.
OF_THEIRS = ("marac/", "referrals/", "idva-cases/", "schools/", "agencies/", "undelivered/")


def operations() -> list[tuple[str, list[str]]]:
    """Every address that takes something, with the names of its fields."""
    generator: Any = SchemaGenerator
    schema = generator(api_version=None).get_schema(request=None, public=True)
    shapes = schema["components"]["schemas"]
    found = []
    for address, methods in schema["paths"].items():
        body = methods.get("post", {}).get("requestBody", {}).get("content", {})
        shape = body.get("application/json", {}).get("schema", {})
        name = shape.get("$ref", "").rpartition("/")[2]
        found.append((address, sorted(shapes.get(name, {}).get("properties", {}))))
    return found


def of_schema(route: str) -> str:
    """A route of the table as the schema's addresses end: parameters stand for themselves."""
    return "/".join("*" if part.startswith("<") else part for part in route.split("/"))


def fields() -> dict[str, list[str]]:
    """By route of the table: the fields that it takes."""
    there = {
        "/".join("*" if part.startswith("{") else part for part in address[1:].split("/")): names
        for address, names in operations()
    }
    theirs = tuple(f"api/v1/{begins}" for begins in OF_THEIRS)
    return {route: there.get(of_schema(route), []) for route in RULES if route.startswith(theirs)}


@pytest.mark.parametrize("what", [*HOSTILE, *STRANGE])
def test_nonsense_is_refused(case: Case, plainly: None, what: str) -> None:
    clients: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for route, names in fields().items():
        writers = RULES[route].write
        if not writers or not names:
            continue
        who = sorted(writers)[0]
        client = clients.setdefault(who, signed_in(who))
        client.raise_request_exception = False
        body = json.dumps(dict.fromkeys(names, {**HOSTILE, **STRANGE}[what]))
        with transaction.atomic():
            response = client.post(case.address(route), body, content_type="application/json")
            transaction.set_rollback(True)
        lowest = 400 if what in HOSTILE else 200
        if not lowest <= response.status_code < 500:
            wrong[route] = response.status_code
    assert not wrong, wrong
    assert len(clients) > 4
