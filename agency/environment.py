"""Every variable that the environment may hold: its name, its type, and what is said when it is malformed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import parse_qs, quote, unquote, urlsplit

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent


class Misconfigured(Exception):
    """A variable is missing or malformed; the message is a sentence for whoever set it."""


@dataclass(frozen=True)
class Variable(Generic[T]):
    """One variable: `read` gives its value, or the default when it is unset or empty."""

    name: str
    expected: str
    parse: Callable[[str], T]
    default: T

    def read(self) -> T:
        found = os.environ.get(self.name, "")
        if not found:
            return self.default
        try:
            return self.parse(found)
        except ValueError:
            raise Misconfigured(f"{self.name} is {found!r}, expected {self.expected}.") from None


VARIABLES: dict[str, Variable[object]] = {}


def _declare(variable: Variable[T]) -> Variable[T]:
    VARIABLES[variable.name] = variable  # type: ignore[assignment]
    return variable


def text(name: str, default: str = "") -> Variable[str]:
    return _declare(Variable(name, "text", str, default))


def choice(name: str, among: tuple[str, ...], default: str) -> Variable[str]:
    def parse(found: str) -> str:
        if found not in among:
            raise ValueError
        return found

    return _declare(Variable(name, "one of " + ", ".join(among), parse, default))


def boolean(name: str, default: bool = False) -> Variable[bool]:
    words = {"on": True, "true": True, "yes": True, "1": True}
    words |= {"off": False, "false": False, "no": False, "0": False}

    def parse(found: str) -> bool:
        try:
            return words[found.strip().lower()]
        except KeyError:
            raise ValueError from None

    return _declare(Variable(name, "on or off", parse, default))


def integer(name: str, default: int, least: int = 0, most: int = 2**31 - 1) -> Variable[int]:
    def parse(found: str) -> int:
        number = int(found)
        if not least <= number <= most:
            raise ValueError
        return number

    return _declare(Variable(name, f"a whole number from {least} to {most}", parse, default))


def words(name: str, default: tuple[str, ...] = ()) -> Variable[tuple[str, ...]]:
    def parse(found: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in found.split(",") if word.strip())

    return _declare(Variable(name, "words with commas between them", parse, default))


def word(name: str, default: str) -> Variable[str]:
    def parse(found: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", found):
            raise ValueError
        return found

    return _declare(Variable(name, "a word of small letters", parse, default))


def folder(name: str, default: Path | None) -> Variable[Path | None]:
    return _declare(Variable(name, "a folder", lambda found: Path(found).expanduser().absolute(), default))


def url(name: str, schemes: tuple[str, ...], expected: str) -> Variable[str]:
    def parse(found: str) -> str:
        parts = urlsplit(found)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise ValueError
        parts.port  # noqa: B018  a port that is no number raises
        return found

    return _declare(Variable(name, expected, parse, ""))


_POSTGRES = ("postgresql", "postgres")
_REDIS = ("redis", "rediss", "unix")

DATABASE_URL = url("DATABASE_URL", _POSTGRES, "an address like postgresql://soundings:password@host:5432/soundings")
DATABASE_ADMIN_URL = url(
    "DATABASE_ADMIN_URL", _POSTGRES, "an administrator's address like postgresql://postgres:password@host:5432/postgres"
)
REDIS_URL = url("REDIS_URL", _REDIS, "an address like redis://host:6379/0 or unix:///path/to/socket?db=0")
DATA = folder("SOUNDINGS_DATA", ROOT / ".data")
SECRET_KEY = text("SOUNDINGS_SECRET_KEY")
SECRET_KEY_FALLBACKS = words("SOUNDINGS_SECRET_KEY_FALLBACKS")
DEBUG = boolean("SOUNDINGS_DEBUG")
HOSTS = words("SOUNDINGS_HOSTS")
HTTPS = boolean("SOUNDINGS_HTTPS")
HSTS_SECONDS = integer("SOUNDINGS_HSTS_SECONDS", 0)
STATIC = folder("SOUNDINGS_STATIC", None)
ROLE = choice("SOUNDINGS_ROLE", ("app", "owner"), "app")
PROGRAM = word("SOUNDINGS_PROGRAM", "soundings")
POOL = integer("SOUNDINGS_POOL", 0, most=100)
PORT = integer("SOUNDINGS_PORT", 8000, least=1, most=65535)
CLIENTS_AT_ONCE = integer("SOUNDINGS_CLIENTS_AT_ONCE", 200, least=1, most=10_000)
HEARTBEAT_URL = url("SOUNDINGS_HEARTBEAT_URL", ("http", "https"), "an address like https://hc-ping.com/your-check")
ADDRESS = url("SOUNDINGS_ADDRESS", ("http", "https"), "an address like https://soundings.example.org")
SMTP_URL = url(
    "SOUNDINGS_SMTP_URL", ("smtp", "smtps"), "an address like smtp://user:password@host:587 or smtps://host:465"
)
MAIL_FROM = text("SOUNDINGS_MAIL_FROM")
DEMO = boolean("SOUNDINGS_DEMO")
SECURITY_CONTACT = url(
    "SOUNDINGS_SECURITY_CONTACT",
    ("mailto", "https"),
    "an address like mailto:security@example.org or https://example.org/security",
)
LOG_LEVEL = choice("SOUNDINGS_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")


def data_folder() -> Path:
    """Where the embedded servers keep their data."""
    found = DATA.read()
    assert found is not None
    return found


def broker_url(redis_url: str) -> str:
    """The same broker as Celery wants it: a socket is redis+socket:// there and unix:// everywhere else."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    credentials = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return f"redis+socket://{credentials}{quote(unquote(parts.path))}?virtual_host={quote(database)}"
