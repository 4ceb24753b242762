"""Errors of the API as RFC 9457 problem documents with the fields that are wrong."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import DomainError, Stale

TITLES = {
    400: "What was sent cannot be used",
    401: "Sign in or send a token",
    403: "You may not do this",
    404: "There is nothing here that you can see",
    405: "This address does not do that",
    406: "That format is not offered",
    409: "That is not possible now",
    413: "Too large",
    415: "Send JSON",
    429: "Too many requests",
}


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"


def problem(
    status: int, detail: str, *, code: str, errors: dict[str, Any] | None = None, **extra: Any
) -> Response:
    """A problem document. `errors` maps each wrong field to a list of sentences."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
        **({"errors": errors} if errors else {}),
        **extra,
    }
    return Response(body, status=status, content_type="application/problem+json")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: refusals, validation errors and DRF's own, all in one shape."""
    set_rollback()
    if isinstance(error, Stale):
        return problem(
            409,
            error.message,
            code=error.code,
            errors={"version": [error.message]},
            version=error.version,
            theirs=error.theirs,
            yours=error.yours,
        )
    if isinstance(error, DomainError):
        fields = {error.field: [error.message]} if error.field else None
        return problem(error.status, error.message, code=error.code, errors=fields)
    if isinstance(error, Http404):
        return problem(404, TITLES[404], code="not_found")
    if isinstance(error, PermissionDenied):
        return problem(403, str(error) or TITLES[403], code="permission_denied")
    if isinstance(error, RequestDataTooBig):
        most = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / 1_000_000
        return problem(413, f"At most {most:g} MB can be sent at once.", code="too_large")
    if isinstance(error, exceptions.ValidationError):
        wrong: dict[str, Any] = (
            dict(error.detail) if isinstance(error.detail, dict) else {"": error.detail}
        )
        return problem(400, "Some fields are wrong.", code="invalid", errors=wrong)
    if isinstance(error, exceptions.APIException):
        response = problem(error.status_code, str(error.detail), code=str(error.default_code))
        for header in ("auth_header", "wait"):
            if value := getattr(error, header, None):
                response["WWW-Authenticate" if header == "auth_header" else "Retry-After"] = value
        return response
    return None
