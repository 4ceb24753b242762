"""Every address that a browser may open, read from the URL configuration itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

#: Not pages of ours: Django's own administration, the API, health checks.
NOT_PAGES = ("administration/", "api/", "health/", "static/")
#: allauth's addresses that the service does not offer, and those that need a mailed key.
ACCOUNT_PAGES = {"account_login", "account_logout", "account_change_password"}


def patterns(
    resolver: URLResolver | None = None, route: str = "", namespace: str = ""
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and parameters of every named address that may be a page."""
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
            yield namespace + one.name, tuple(one.pattern.converters)


@dataclass(frozen=True)
class Known:
    """What addresses are filled in with: references by namespace, other parameters by name."""

    references: Mapping[str, Sequence[str]]
    others: Mapping[str, object]

    def fill(self, name: str, parameters: tuple[str, ...]) -> Iterator[str]:
        """The addresses of one name; KeyError for a parameter that nobody gave."""
        others = {one: self.others[one] for one in parameters if one != "reference"}
        if "reference" not in parameters:
            yield reverse(name, kwargs=others)
            return
        for reference in self.references[name.partition(":")[0]]:
            yield reverse(name, kwargs={"reference": reference, **others})


def addresses(known: Known) -> Iterator[str]:
    """Every address with everything known; a new parameter fails, so that no page is forgotten."""
    for name, parameters in patterns():
        yield from known.fill(name, parameters)


def page_html(client: Client, address: str) -> bytes | None:
    """What a GET answers where it is a whole HTML page; None for a fragment, file or refusal."""
    answer = client.get(address)
    if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
        return None
    return answer.content if b"<!doctype html>" in answer.content[:200].lower() else None
