"""Every address that a browser may open, read from the URL configuration itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.config.every_address.routes import template
from tests.config.every_address.rules import RULES

#: Not pages of ours: Django's own administration, the API, health checks.
NOT_PAGES = ("administration/", "api/", "health/", "static/")
#: allauth's addresses that the service does not offer, and those that need a mailed key.
ACCOUNT_PAGES = {"account_login", "account_logout", "account_change_password"}


#: What a reference in an address stands for (every_address/routes.py): how such references begin.
BEGINS = {
    "action": "MA",
    "assessment": "RA",
    "disclosure": "DS",
    "glass": "BG",
    "held": "MM",
    "idva_case": "IC",
    "incident": "DA",
    "marac_case": "MC",
    "meeting": "MM",
    "message": "CE",
    "notice": "LN",
    "person": "P",
    "protection": "PN",
    "reassessment": "RS",
    "referral": "RF",
    "sharing": "SH",
    "transfer": "MT",
    "victim": "V",
}
_REFERENCE = re.compile(r"<\w+:reference>")
_STANDS_FOR = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Pattern:
    """A named address that may be a page: its parameters, and how its reference begins."""

    name: str
    parameters: tuple[str, ...]
    begins: str = ""


def _begins(route: str) -> str:
    """How the reference begins that stands in this route; empty where there is none."""
    found = _REFERENCE.search(route)
    if found is None:
        return ""
    which = route[: found.start()].count("<")
    return BEGINS[_STANDS_FOR.findall(template(route))[which]]


def patterns(
    resolver: URLResolver | None = None, route: str = "", namespace: str = ""
) -> Iterator[Pattern]:
    """Every named address that may be read, where it may be a page."""
    for one in (resolver or get_resolver()).url_patterns:
        whole = route + str(one.pattern)
        if whole.startswith(NOT_PAGES):
            continue
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else namespace
            yield from patterns(one, whole, inner)
        elif isinstance(one, URLPattern) and one.name:
            if whole.startswith("account/") and one.name not in ACCOUNT_PAGES:
                continue
            rule = RULES.get(template(whole))
            if rule is None or rule.read is not None:
                parameters = tuple(one.pattern.converters)
                yield Pattern(namespace + one.name, parameters, _begins(whole))


@dataclass(frozen=True)
class Known:
    """What addresses are filled in with: references by namespace, other parameters by name."""

    references: Mapping[str, Sequence[str]]
    others: Mapping[str, object]

    def fill(self, pattern: Pattern) -> Iterator[str]:
        """The addresses of one name; fails for a parameter or a kind of record that nobody gave."""
        others = {one: self.others[one] for one in pattern.parameters if one != "reference"}
        if "reference" not in pattern.parameters:
            yield reverse(pattern.name, kwargs=others)
            return
        known = self.references[pattern.name.partition(":")[0]]
        fitting = [one for one in dict.fromkeys(known) if one.startswith(f"{pattern.begins}-")]
        assert fitting, f"no {pattern.begins} among {known} for {pattern.name}"
        for reference in fitting:
            yield reverse(pattern.name, kwargs={"reference": reference, **others})


def addresses(known: Known) -> Iterator[str]:
    """Every address with everything known; a new parameter fails, so that no page is forgotten."""
    for pattern in patterns():
        yield from known.fill(pattern)


def page_html(client: Client, address: str) -> bytes | None:
    """What a GET answers where it is a whole HTML page; None for a fragment, file or refusal."""
    answer = client.get(address)
    if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
        return None
    return answer.content if b"<!doctype html>" in answer.content[:200].lower() else None
