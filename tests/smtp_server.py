"""A mail server for tests: it speaks SMTP over a socket, keeps what it accepts, and fails as it is told to."""

from __future__ import annotations

import email
import email.policy
import socketserver
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Behaviour:
    """What the server does at each step. An answer given here replaces its own; `hold` keeps it silent there."""

    answers: dict[str, str] = field(default_factory=dict)
    hang_up_at: str = ""
    hold_at: str = ""
    offers_tls: ssl.SSLContext | None = None
    offers_auth: bool = False


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a port of this machine."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.behaviour = Behaviour()
        self.received: list[EmailMessage] = []
        self.heard: list[str] = []
        self.connections = 0
        self.reached = threading.Event()
        """Set when somebody has come to the step at which the server holds."""
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def recipients(self) -> Counter[str]:
        """How many mails each address got."""
        return Counter(str(message["To"]) for message in list(self.received))


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        encrypted = False
        try:
            self._say("220 ready", "CONNECT")
            while line := self.rfile.readline():
                said = line.decode("ascii", "replace").strip()
                verb = said.partition(" ")[0].upper()
                self.server.heard.append(said if encrypted or verb != "AUTH" else "AUTH in the clear")
                if verb == "EHLO":
                    self._greet(encrypted)
                elif verb == "STARTTLS":
                    encrypted = self._encrypt()
                elif verb == "DATA":
                    if self._say("354 go on", verb):
                        self._take_words()
                elif verb == "QUIT":
                    self._say("221 bye", verb)
                    return
                else:
                    self._say("235 welcome" if verb == "AUTH" else "250 fine", verb)
        except (OSError, _HangUp):
            return
        finally:
            self.connection.close()

    def _greet(self, encrypted: bool) -> None:
        offers = ["250-here"]
        if self.server.behaviour.offers_tls and not encrypted:
            offers.append("250-STARTTLS")
        if self.server.behaviour.offers_auth:
            offers.append("250-AUTH PLAIN")
        self._say("\r\n".join([*offers, "250 8BITMIME"]), "EHLO")

    def _encrypt(self) -> bool:
        context = self.server.behaviour.offers_tls
        if context is None:
            self._say("502 no", "STARTTLS")
            return False
        self._say("220 now", "STARTTLS")
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)
        return True

    def _take_words(self) -> None:
        words = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            words += line.removeprefix(b".") if line.startswith(b"..") else line
        taken = email.message_from_bytes(words, policy=email.policy.default)
        answer = self.server.behaviour.answers.get("WORDS", "250 taken")
        if answer.startswith("2"):
            self.server.received.append(taken)
        self._say("250 taken", "WORDS")

    def _say(self, answer: str, step: str) -> bool:
        """Answers as told to; returns whether the answer was the server's own."""
        behaviour = self.server.behaviour
        if behaviour.hang_up_at == step:
            raise _HangUp
        if behaviour.hold_at == step:
            self.server.reached.set()
            self.server.go_on.wait(30)
        told = behaviour.answers.get(step)
        self.wfile.write(f"{told or answer}\r\n".encode())
        return told is None


class _HangUp(Exception):
    pass


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server, until it is left."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()
            thread.join()
