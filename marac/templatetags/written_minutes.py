"""Instants and days of minutes, which are kept as they were written."""

from datetime import date, datetime

from django import template

register = template.Library()


@register.filter
def instant(written: str) -> datetime | None:
    """An instant kept as ISO 8601; None for none."""
    return datetime.fromisoformat(written) if written else None


@register.filter
def day(written: str) -> date | None:
    """A day kept as ISO 8601; None for none."""
    return date.fromisoformat(written) if written else None
