"""What the tests of the pages of an assessment need."""

import html
import re
from typing import Any

from django.urls import reverse

from risk.models import Assessment
from tests.factories import risk as make


def url(name: str, row: Assessment) -> str:
    return reverse(f"risk:{name}", args=[row.reference])


def typed(row: Assessment, *yes: str, **others: str) -> dict[str, Any]:
    """Everything that the page posts."""
    fields = {code: given["answer"] for code, given in make.answers(*yes).items()}
    return fields | {"version": row.version, "judged_grade": "", "judged_reason": ""} | others


def text(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(words))
