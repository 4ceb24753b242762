"""What a message says: a reference and where to look. Never who a victim is, never why."""

import json

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from referrals.models import Outgoing

WORDS = {
    Outgoing.About.SHARED: "something was shared with your agency",
    Outgoing.About.WITHDRAWN: "what was shared with your agency is withdrawn",
}
TEST_WORDS = "this is a test, nothing was shared"


def body(message: Outgoing) -> bytes:
    """The event as JSON, the same bytes at each attempt. `message` with its sharing."""
    reference = message.sharing.reference
    return _json(
        id=str(message.key),
        type=f"sharing.{message.about}",
        at=message.created_at.isoformat(timespec="seconds"),
        reference=reference,
        url=settings.PUBLIC_URL + reverse("api:shared-one", args=[reference]),
    )


def test_body(key: str, at: str) -> bytes:
    """An event that is about nothing: to try whether a system takes ours."""
    return _json(id=key, type="test", at=at)


def mail(message: Outgoing, to: str) -> EmailMessage:
    """A mail that says that something waits. `message` with its sharing."""
    reference = message.sharing.reference
    words = WORDS[Outgoing.About(message.about)]
    path = reverse("referrals:shared_one", args=[reference])
    return _mail(to, f"{reference}: {words}", path, str(message.key))


def test_mail(to: str, key: str) -> EmailMessage:
    """A mail that is about nothing: to try whether an address is right."""
    return _mail(to, TEST_WORDS, "/", key)


def _json(**said: str) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode()


def _mail(to: str, words: str, path: str, key: str) -> EmailMessage:
    """The identity is the message's own, so that a mail sent twice is recognised as one."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return EmailMessage(
        subject=f"Lodestar: {words}",
        body=(
            f"{words[0].upper()}{words[1:]}.\n\n{settings.PUBLIC_URL}{path}\n\n"
            "Sign in there to read it. Mails say no more than this.\n"
        ),
        to=[to],
        headers={"Message-ID": f"<outgoing.{key}@{domain}>"},
    )
