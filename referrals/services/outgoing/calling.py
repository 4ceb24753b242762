"""One call to another system, within limits that hold whatever that system does."""

import io
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from referrals.services.outgoing import addresses
from referrals.services.outgoing.owing import LONGEST_ATTEMPT


@dataclass(frozen=True)
class Limits:
    """Seconds, and bytes of the answer's head; its body is never read."""

    connect: float = 4
    silence: float = 5
    total: float = LONGEST_ATTEMPT
    answer_bytes: int = 32_768


LIMITS = Limits()

#: Bytes read at once: what is read of the body together with the head's end counts with it.
PIECE = 1_024


class NotAnswered(Exception):
    """Nothing answered as it should; says what happened, for a person."""


class _TooLong(Exception):
    """The head of the answer is larger than any honest one."""


def post(url: str, *, body: bytes, headers: dict[str, str], limits: Limits = LIMITS) -> int:
    """Send `body` and return the status that the other side answers with.

    The whole takes `limits.total` seconds at most, also where the other side sends a byte now and
    then. Redirects are not followed, certificates are checked, the answer's body is left unread.
    Raises NotAnswered in words for a person.
    """
    try:
        target = addresses.taken_apart(url)
        with _Line(target, limits) as line:
            return _ask(line, target, body, headers)
    except addresses.Refused as refusal:
        raise NotAnswered(str(refusal)) from refusal
    except TimeoutError as late:
        raise NotAnswered(f"No answer within {limits.total:g} seconds.") from late
    except ssl.SSLCertVerificationError as untrusted:
        words = f"Its certificate is not to be trusted: {untrusted.verify_message}."
        raise NotAnswered(words) from untrusted
    except ssl.SSLError as error:
        raise NotAnswered("It does not speak https as it should.") from error
    except (ConnectionResetError, BrokenPipeError) as error:
        raise NotAnswered("It closed the connection without an answer.") from error
    except OSError as error:
        raise NotAnswered("Nothing answers at this address.") from error
    except (HTTPException, ValueError, _TooLong) as error:
        raise NotAnswered("It did not answer as a web server does.") from error


def _ask(line: "_Line", target: addresses.Target, body: bytes, headers: dict[str, str]) -> int:
    web = HTTPConnection(target.host, target.port)
    web.sock = line  # it uses three methods of a socket: sendall, makefile, close
    web.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    for name, value in {
        "Host": target.named,
        "Connection": "close",
        "Content-Length": str(len(body)),
        **headers,
    }.items():
        web.putheader(name, value)
    # It may have refused before it read everything, and say why in an answer.
    with suppress(ConnectionResetError, BrokenPipeError):
        web.endheaders(body)
    return web.getresponse().status


class _Line:
    """A connection that ends when the time of the whole call is over."""

    def __init__(self, target: addresses.Target, limits: Limits) -> None:
        self.limits = limits
        self.ends = time.monotonic() + limits.total
        number = addresses.resolved(target, within=self.left(limits.connect))
        self.socket = socket.create_connection(
            (number, target.port), timeout=self.left(limits.connect)
        )
        if target.secure:
            self._secure(target.host)

    def _secure(self, host: str) -> None:
        """The handshake's limit counts for the whole of it, not for each byte."""
        try:
            self.socket.settimeout(self.left(self.limits.silence))
            context = ssl.create_default_context()
            self.socket = context.wrap_socket(self.socket, server_hostname=host)
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def left(self, longest: float) -> float:
        """Seconds that the next step may take. Raises TimeoutError when the time is over."""
        left = min(longest, self.ends - time.monotonic())
        if left <= 0:
            raise TimeoutError
        return left

    def sendall(self, data: bytes) -> None:
        self.socket.settimeout(self.left(self.limits.total))
        self.socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Answer(self), buffer_size=PIECE)

    def close(self) -> None:
        """Whoever opened the line closes it."""


class _Answer(io.RawIOBase):
    """What comes back, counted in bytes and in seconds."""

    def __init__(self, line: _Line) -> None:
        self.line = line
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.socket.settimeout(self.line.left(self.line.limits.silence))
        count = self.line.socket.recv_into(buffer)
        self.taken += count
        if self.taken > self.line.limits.answer_bytes:
            raise _TooLong
        return count
