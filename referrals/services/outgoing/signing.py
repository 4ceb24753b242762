"""How a receiver knows that a message is ours: the form of the Standard Webhooks specification.

Documented for receivers in docs/webhooks.md.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"


def new_secret() -> str:
    """Thirty-two bytes of chance, written as receivers' libraries read it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(*, secret: str, key: UUID, body: bytes, at: datetime) -> dict[str, str]:
    """What goes with a body: its key, the instant of this attempt, and the signature of all three.

    The key is the same at each attempt; the instant, and with it the signature, is not.
    """
    stamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Lodestar",
        "webhook-id": str(key),
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{_signature(secret, key, stamp, body)}",
    }


def _signature(secret: str, key: UUID, stamp: str, body: bytes) -> str:
    signed = f"{key}.{stamp}.".encode() + body
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
