"""What is known from before, in the page of a call."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from core import clock
from incidents.history import History
from incidents.history.answers import Answer
from incidents.pages import known as page

register = template.Library()


@register.simple_tag
def history_answers(known: History) -> SafeString:
    """The handler's questions with their answers."""
    return page.answered(known)


@register.simple_tag
def history_lines(answers: Iterable[Answer]) -> SafeString:
    """Some of them, as somebody else asks."""
    return page.written(answers)


@register.simple_tag(takes_context=True)
def history_found(context: Context, known: History) -> SafeString:
    """People and incidents with why, and what was set aside."""
    now = context.get("now")
    return page.found(known, now=now if isinstance(now, datetime) else clock.now())


@register.simple_tag
def people_offers(row: Mapping[str, Any], *, is_fragment: bool = False) -> SafeString:
    """People on record who may be the one of a row (index, offers, chosen)."""
    return page.offered(row["index"], row["offers"], row["chosen"], is_fragment=is_fragment)


@register.simple_tag(takes_context=True)
def draft_key(context: Context) -> str:
    """The key of the call that is being typed: the page's own, or what the page sent."""
    request = context.get("request")
    sent = request.POST.get("draft", "") if request else ""
    return str(context.get("key") or sent)
