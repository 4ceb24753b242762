"""Every address of the service, with parameters by what they stand for."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

#: What a parameter stands for, by the first part of the address.
REFERENCES = {
    "learning": "<notice>",
    "victims": "<victim>",
    "people": "<person>",
    "incidents": "<incident>",
    "assessments": "<assessment>",
    "reassessments": "<reassessment>",
    "reviews": "<assessment>",
    "referrals": "<referral>",
    "notices": "<protection>",
    "custody": "<message>",
    "custody-events": "<message>",
    "disclosures": "<disclosure>",
    "break-glass": "<glass>",
    "idva-cases": "<idva_case>",
    "voice": "<victim>",
    "shared": "<sharing>",
    "sharings": "<sharing>",
    "agency-referrals": "<incoming>",
}

#: Within conferences: what a parameter stands for, by the part of the address before it.
OF_CONFERENCES = {
    "meetings": "meeting",
    "cases": "marac_case",
    "actions": "action",
    "transfers": "transfer",
    "research": "research",
    "flags": "flag",
    "conferences": "conference",
    "observers": "observer",
    "here": "attendance",
    "feed": "feed",
}


def of_conferences(route: str) -> str:
    """A meeting's minutes are those of one that was held; everything else happens at one now."""

    def stands(found: re.Match[str]) -> str:
        return f"{found[1]}/<{OF_CONFERENCES.get(found[1], found[2])}>"

    route = re.sub(r"([\w-]+)/<\w+:(\w+)>", stands, route)
    return route.replace("<meeting>", "<held>") if "minutes" in route else route


def template(route: str) -> str:
    """A route as the table writes it: parameters by what they stand for."""
    if route.removeprefix("api/v1/").startswith("marac/"):
        return of_conferences(route)
    first = route.removeprefix("api/v1/").split("/")[0]
    route = re.sub(r"<str:username>", "<officer>", route)
    route = re.sub(r"<path:number>", "<crime>", route)
    route = re.sub(r"<slug:(victim|incident|incoming)>", r"<\1>", route)
    route = re.sub(r"<int:notice_id>", "<school_notice>", route)
    route = re.sub(r"<uuid:exhibit>", "<exhibit>", route)
    route = re.sub(r"<str:secret>", "<secret>", route)
    route = re.sub(r"<slug:file>", "<file>", route)
    route = re.sub(r"<int:(need|court|agency)_id>", r"<\1>", route)
    route = re.sub(r"<int:person_id>", "<representative>", route)
    route = re.sub(r"<int:message_id>", "<outgoing>", route)
    route = re.sub(r"<int:order_id>", "<order>", route)
    route = re.sub(r"<slug:other>", "<other>", route)
    route = re.sub(r"<slug:trigger>", "<trigger>", route)
    route = re.sub(r"<slug:marker>", "<warning>", route)
    route = re.sub(r"<int:(digest|opinion)>", r"<\1>", route)
    route = re.sub(r"<int:position>", "<step>", route)
    route = re.sub(r"<int:version>", "<version>", route)
    route = re.sub(r"<int:instrument_id>", "<instrument>", route)
    route = re.sub(r"<\w+:reference>", REFERENCES.get(first, "<reference>"), route)
    route = re.sub(r"<int:absence_id>", "<absence>", route)
    route = re.sub(r"<int:handover_id>", "<handover>", route)
    route = re.sub(r"<int:(update|statement|note|withholding)_id>", r"<\1>", route)
    return re.sub(r"<int:marker_id>", "<marker>", re.sub(r"<uuid:key>", "<draft>", route))


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address of the service but Django's administration and allauth's own pages."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if route.startswith(("administration/", "account/")):
            continue
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif isinstance(one, URLPattern):
            yield template(route)
