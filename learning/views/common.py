"""What the pages of this app share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.requests import reader_of
from learning.models import Notice
from learning.permissions import can_view_results, can_write

View = Callable[..., HttpResponseBase]


def writers_only(view: View) -> View:
    """403 for whoever does not write notices; said before anything typed is read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_write(reader_of(request)):
            raise PermissionDenied("Your role does not write notices to staff.")
        return view(request, *args, **kwargs)

    return guarded


def results_readers_only(view: View) -> View:
    """403 for whoever sees nobody's results but their own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_view_results(reader_of(request)):
            raise PermissionDenied("Your role does not see who has passed.")
        return view(request, *args, **kwargs)

    return guarded


def seen(request: HttpRequest, reference: str) -> Notice:
    """The notice if this person may see it, else 404."""
    rows = Notice.objects.visible_to(reader_of(request)).select_related(
        "supersedes", "replacement", "published_by", "withdrawn_by", "changed_by"
    )
    return get_object_or_404(rows, reference=reference)
