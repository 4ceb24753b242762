"""Where messages to other systems may go: never into our own network by somebody's typing.

A web address is typed by a person and then called by our own servers, which reach what the outside
does not. So it must be https and lead to public addresses; a force whose partners are on a network
of its own names that network in `WEBHOOK_NETWORKS`.
"""

import socket
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from core.errors import InvalidInput

#: NAT64: an IPv6 address that stands for an IPv4 one, which is then not looked at.
TRANSLATED = ip_network("64:ff9b::/96")

IP = IPv4Address | IPv6Address


class Refused(Exception):
    """The address is none that we may call; says why, for a person."""


@dataclass(frozen=True)
class Target:
    """A web address taken apart; `path` with its query."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """As the Host header says it: without the port where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def checked(url: str, *, field: str) -> str:
    """The address as it may be kept. Raises InvalidInput at `field`, saying what is wrong."""
    try:
        target = taken_apart(url.strip())
        number = _number(target.host)
        if number is not None and not may_call(number):
            raise Refused("This leads into a private network. Give a public address.")
    except Refused as refusal:
        raise InvalidInput(str(refusal), field=field) from refusal
    return url.strip()


def taken_apart(url: str) -> Target:
    """The parts of an address. Raises Refused for one that is not https with a host."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused("This is not a web address.") from error
    if parts.scheme not in ("https", "http") or not host or not url.isascii() or " " in url:
        raise Refused("Give a web address that begins with https://.")
    if parts.scheme == "http" and not settings.WEBHOOK_PLAIN_HTTP:
        raise Refused("Give an address that begins with https://, so that nobody reads along.")
    if parts.username is not None or parts.password is not None:
        raise Refused("Give the address without a user name or password: messages are signed.")
    secure = parts.scheme == "https"
    query = f"?{parts.query}" if parts.query else ""
    return Target(secure, host, port or (443 if secure else 80), (parts.path or "/") + query)


def resolved(target: Target, *, within: float) -> str:
    """The number to call, asked anew each time. Raises Refused, or TimeoutError after `within` s.

    All numbers of a name must be ones that we may call. The caller connects to this very number
    and does not ask again: a name that answers differently the second time gains nothing.
    """
    numbers = [ip_address(found) for found in _looked_up(target, within)]
    if not numbers:
        raise Refused("Its name is not known.")
    if not all(map(may_call, numbers)):
        raise Refused("Its name leads into a private network.")
    return str(numbers[0])


def may_call(number: IP) -> bool:
    """Whether a number is public, or of a network that the settings name."""
    inner = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    number = inner or number
    if any(number in ip_network(network) for network in settings.WEBHOOK_NETWORKS):
        return True
    if isinstance(number, IPv6Address) and (
        number.sixtofour or number.teredo or number in TRANSLATED
    ):
        return False
    return number.is_global and not number.is_multicast


def _number(host: str) -> IP | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _looked_up(target: Target, within: float) -> list[str]:
    """Every number of the name. The system's look-up knows no limit, so another thread waits."""
    found: list[str] = []
    failures: list[OSError] = []

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            # A zone ("%eth0") names a card of this machine; such numbers are never public.
            found.extend(str(row[4][0]).partition("%")[0] for row in rows)
        except (OSError, UnicodeError) as error:
            failures.append(OSError(str(error)))

    asking = threading.Thread(target=look_up, daemon=True)
    asking.start()
    asking.join(within)
    if asking.is_alive():
        raise TimeoutError
    if failures:
        raise Refused("Its name is not known.")
    return found
