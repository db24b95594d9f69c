"""Hostile files do no harm: folders of records, broken in every way, are refused in words or taken in whole.

`python -m tests.proofs.hostile_files` makes 20,000 such files on a server of its own and loads them;
tests/accounts/exchange/test_hostile_files.py does a few.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from agency import embedded

FILES = 20_000
MEGABYTES = 300
SECONDS = 180.0  # on a busy machine; what grows faster than the file takes far longer
"""Within which any one folder must be dealt with."""
LARGE_EVERY = 250
"""One folder in so many has a file of megabytes."""

VALID: dict[str, str] = {
    "clients.csv": """\
external_id,name,industry,value_tier,currency,account_manager
northwind,"Northwind, Ltd.",Retail,A,EUR,Lena@agency.example
contoso,Contoso,,,USD,
fabrikam,=Fabrikam,"Travel ""and"" more",C,GBP,sam@agency.example
""",
    "contacts.csv": """\
external_id,client,name,email,role,decision_maker,left_on
dana,northwind,Dana,dana@northwind.example,Head of Marketing,yes,
kim,contoso,Kim,KIM@contoso.example,,no,2025-02-28
lee,northwind,"Lee
Ann",,,,
""",
    "engagements.csv": """\
external_id,client,name,service_line,billing,pricing,notice_days
n1,northwind,Always on,Search,retainer,value,90
n2,northwind,Launch,Video,project,fixed,
c1,contoso,Always on,,retainer,,0
""",
    "scope_changes.csv": """\
external_id,engagement,kind,effective_on,value_delta,ends_on,origin,involved_from,note,reverses
s1,n1,start,2024-01-01,1000,2024-12-31,client,idea,,
s2,n1,expansion,2024-04-01,250.5,,joint,plan,"more, please",
s3,n1,renewal,2024-12-01,,2025-12-31,,,,
s4,n1,price,2025-01-01,25,,agency,unknown,,
s5,n1,contraction,2025-02-01,-100,,client,execution,wrong,
s6,n1,contraction,2025-02-01,100,,client,execution,,s5
s7,n2,start,2024-06-01,40000,,agency,brief,,
s8,n2,end,2024-12-01,0,,,,,
s9,c1,start,2024-02-29,0,,,,,
s10,c1,end,2025-03-01,,,,,,
""",
    "standings.csv": """\
client,effective_on,standing,exclusive
northwind,2024-01-01,lead,yes
contoso,2024-02-01,several,
""",
    "involvements.csv": """\
client,kind,started_on,ended_on
northwind,planning,2024-03-01,
northwind,people,2024-03-01,2025-01-01
""",
    "kpis.csv": """\
external_id,client,name,unit,direction
k1,northwind,Leads,,higher
k2,northwind,Cost per lead,EUR,lower
""",
    "kpi_readings.csv": """\
kpi,month,value,target
k1,2024-01-01,100,90
k1,2024-02-01,80.25,90
k2,2024-01-01,-0.5,
k2,2024-02-01,12345678901234567890.0123456789,1
""",
    "check_ins.csv": """\
external_id,client,held_on,initiated_by,client_contacts,agency_people,summary,signs
m1,northwind,2024-02-01,client,dana;lee,lena@agency.example;new@agency.example,Fine,new_channel;started_over
m2,contoso,2024-03-01,,,,,
""",
    "pulses.csv": """\
external_id,client,side,respondent,answered_on,commitment,approach,action,loyalty,trust,ownership,value,involvement,\
communication,collaboration,comment,confidential,reduces_risk,improves_decisions,supports_direction
p1,northwind,client,dana@northwind.example,2024-03-01,5,4,3,2,1,,,,,5,Good,yes,4,5,
p2,northwind,client,someone@northwind.example,2024-03-02,1,,,,,,,,,,"Well, no",no,,,
p3,northwind,agency,lena@agency.example,2024-03-03,3,3,3,3,3,3,3,3,3,3,,,,,
""",
    "recommendations.csv": """\
external_id,client,made_on,subject,proactive,reception,stance,decision,outcome,outcome_on,expected,expected_by
r1,northwind,2024-05-01,Drop the landing page,yes,debated,defended,adopted,better,2024-08-01,more leads,2024-07-01
r2,contoso,2024-05-02,@home,,,,pending,,,,
""",
    "goals.csv": """\
external_id,client,title,set_on,agreed_on,due_on,status,closed_on
g1,northwind,Open the Nordic market,2024-01-10,2024-02-01,2024-12-31,achieved,2024-11-30
""",
    "opportunities.csv": """\
external_id,client,goal,title,service_line,stage,raised_on,closed_on
o1,northwind,g1,Launch films,Video,raised,2024-05-05,
""",
    "exchange_rates.csv": "currency,effective_on,rate\nEUR,2024-01-01,1.08\nGBP,2024-01-01,1.27\n",
    "benchmarks.csv": "name,value,industry,source,year,method_published\nA survey,17.5,,The survey,2024,no\n",
    "settings.csv": "name,effective_on,value\ngood_attainment,2024-01-01,75\ninterval_a,2024-01-01,10\n",
}

CELLS = (
    b"",
    b" ",
    b"\t",
    b"NaN",
    b"Infinity",
    b"-inf",
    b"1e309",
    b"1e-9",
    b"0x1F",
    b"1_000",
    b"1,000",
    b'"1,000"',
    b"--1",
    b"9" * 400,
    b"0." + b"0" * 400 + b"1",
    b"99999999999999999999",
    b"-9223372036854775809",
    b"2025-02-29",
    b"2024-13-01",
    b"0000-00-00",
    b"9999-12-31",
    b"10000-01-01",
    b"2024-W01-1",
    b"infinity",
    b"today",
    b"2024-01-01T00:00:00",
    "٢٠٢٤-٠١-٠١".encode(),
    "１２３".encode(),
    b"=cmd|'/c calc'!A0",
    b"+1",
    b"@x",
    b"'; DROP TABLE accounts_client; --",
    b"$1 %s {0} \\N \\.",
    b"\\.",
    b"\\N",
    b"NULL",
    b"yes;no",
    b";;;",
    b"a@b",
    b"a@b.example;a@b.example",
    b'"a;b"@x.example',
    b"\xc4\xb0@x.example",
    b"\xe2\x84\xaa@x.example",
    b"A" * 255 + b"@x.example",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\x80",
    b"\x00",
    b"a\x00b",
    b"\x1a",
    b"\x85",
    "\u2028".encode(),
    "\u202e\ufeff\u200b".encode(),
    "Z̸̢̛̗a̴̧̛lgo".encode(),
    "😀".encode() * 60,
    b'"',
    b'""',
    b'"""',
    b'"' * 41,
    b"'",
    b"x" * 5_000,
    b'"' + b"\n" * 300 + b'"',
    b'"\r"',
    b"northwind",
    b"dana",
    b"s1",
    b"n1",
    b"n2",
    b"USD",
    b"usd",
    b"XXX",
    b"1",
    b"5",
    b"6",
    b"0",
    b"-0",
    b"2024-01-01",
    b"2024-01-02",
    b"1899-12-31",
    b"end",
    b"start",
    b"retainer",
    b"project",
    b"agency",
    b"client",
)

Mutation = Callable[[random.Random, bytes], bytes]


def _random_bytes(chance: random.Random, content: bytes) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.randrange(1, 8)):
        if spoilt:
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _inserted(chance: random.Random, content: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    piece = chance.choice(
        (b'"', b",", b"\n", b"\r", b"\0", b"\xff", b";", b'","', b"\xef\xbb\xbf", b"\\", chance.randbytes(9))
    )
    return content[:place] + piece * chance.choice((1, 1, 2, 3, 50)) + content[place:]


def _truncated(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _removed(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.randrange(40) :]


def _cell(chance: random.Random, content: bytes) -> bytes:
    """One cell or a few become something else."""
    lines = content.split(b"\n")
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        number = chance.randrange(len(lines))
        cells = lines[number].split(b",")
        cells[chance.randrange(len(cells))] = chance.choice(CELLS)
        lines[number] = b",".join(cells)
    return b"\n".join(lines)


def _column(chance: random.Random, content: bytes) -> bytes:
    """Columns change places, go, come twice or have other names."""
    rows = [line.split(b",") for line in content.split(b"\n") if line]
    width = len(rows[0]) if rows else 0
    order = list(range(width))
    match chance.randrange(5):
        case 0:
            chance.shuffle(order)
        case 1 if order:
            order.remove(chance.choice(order))
        case 2 if order:
            order.append(chance.choice(order))
        case 3 if rows and width:
            rows[0][chance.randrange(width)] = chance.choice((*CELLS, b"Name", b"external id", b"clients", b"note "))
        case _:
            rows = [[*row, b""] for row in rows]
            order.append(width)
    return b"\n".join(b",".join(row[place] for place in order if place < len(row)) for row in rows)


def _rows(chance: random.Random, content: bytes) -> bytes:
    """Rows change places, come twice, are blank."""
    header, *lines = content.split(b"\n")
    match chance.randrange(4):
        case 0:
            chance.shuffle(lines)
        case 1 if lines:
            lines.append(chance.choice(lines))
        case 2:
            lines.insert(chance.randrange(len(lines) + 1), chance.choice((b"", b",,,,", b"   ", header, b'""')))
        case _:
            lines *= chance.choice((0, 2, 30))
    return b"\n".join([header, *lines])


def _encoded(chance: random.Random, content: bytes) -> bytes:
    """Other encodings, with and without saying so, and byte order marks that lie."""
    text = content.decode("utf-8", "replace")
    match chance.randrange(8):
        case 0:
            return text.encode("utf-16")
        case 1:
            return text.encode("utf-16-be")
        case 2:
            return b"\xfe\xff" + text.encode("utf-16-be")
        case 3:
            return text.encode("utf-16")[:-1]
        case 4:
            return text.encode("utf-32")
        case 5:
            return chance.choice((b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\xef\xbb\xbf\xef\xbb\xbf")) + content
        case 6:
            return b"\xef\xbb\xbf" + content
        case _:
            return text.encode("latin-1", "replace") + "é".encode("latin-1")


def _newlines(chance: random.Random, content: bytes) -> bytes:
    ends = (b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\n\r", b"\x0b", b"\xe2\x80\xa8")
    if chance.random() < 0.5:
        return content.replace(b"\n", chance.choice(ends))
    return b"".join(line + chance.choice(ends[:4]) for line in content.split(b"\n"))


def _quotes(chance: random.Random, content: bytes) -> bytes:
    match chance.randrange(4):
        case 0:
            return b"\n".join(
                b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in content.split(b"\n")
            )
        case 1:
            return content.replace(b",", b', "', chance.randrange(1, 5))
        case 2:
            return content.replace(b'"', b"")
        case _:
            return content.replace(b",", chance.choice((b";", b"\t", b"|")))


def _nothing_of_the_kind(chance: random.Random, content: bytes) -> bytes:
    return chance.choice(
        (
            b"",
            b"\n",
            b",",
            b"\0" * 100,
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"PK\x03\x04" + chance.randbytes(500),
            gzip.compress(content),
            b"%PDF-1.7\n" + chance.randbytes(300),
            b"<html><body>Sign in</body></html>",
            chance.randbytes(chance.randrange(2_000)),
            b'{"external_id": "x"}',
        )
    )


MUTATIONS: tuple[Mutation, ...] = (
    _random_bytes,
    _inserted,
    _truncated,
    _removed,
    _cell,
    _cell,
    _cell,
    _column,
    _rows,
    _encoded,
    _newlines,
    _quotes,
    _nothing_of_the_kind,
)


def mutated(chance: random.Random, content: bytes) -> bytes:
    """The file, broken in a way or a few."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = chance.choice(MUTATIONS)(chance, content)
    return content


def _repeated(header: str, row: Callable[[int], str], size: int) -> Iterator[bytes]:
    yield header.encode() + b"\n"
    number, written = 0, 0
    while written < size:
        block = "".join(row(i) + "\n" for i in range(number, number + 10_000)).encode()
        number += 10_000
        written += len(block)
        yield block


def _filled(piece: bytes, size: int, before: bytes = b"", after: bytes = b"") -> Iterator[bytes]:
    yield before
    block = piece * (1 + (1 << 16) // len(piece))
    for _ in range(1 + size // len(block)):
        yield block
    yield after


def _large(size: int) -> dict[str, tuple[str, Callable[[], Iterator[bytes]]]]:
    """Files of so many bytes, each by a name of its own: which file it is, and what is in it."""
    header = b"external_id,name,currency\n"
    readings = "kpi,month,value,target"
    return {
        "a line without end": ("clients.csv", lambda: _filled(b"x", size)),
        "commas without end": ("clients.csv", lambda: _filled(b",", size, header)),
        "columns without end": ("clients.csv", lambda: _filled(b"name,", size, b"external_id,")),
        "a quotation mark never closed": ("clients.csv", lambda: _filled(b"more\n", size, header + b'a,"')),
        "quotation marks alone": ("clients.csv", lambda: _filled(b'"', size, header)),
        "a row of cells with line breaks": ("clients.csv", lambda: _filled(b'"\n",', size, header)),
        "NUL bytes": ("clients.csv", lambda: _filled(b"\0", size, header)),
        "line breaks": ("clients.csv", lambda: _filled(b"\n", size, header)),
        "carriage returns": ("clients.csv", lambda: _filled(b"\r", size, header)),
        "blank rows": ("clients.csv", lambda: _filled(b",,\n", size, header)),
        "bad rows": ("clients.csv", lambda: _repeated("external_id,name,currency", lambda i: f"{i},,xyz", size)),
        "bad names": ("clients.csv", lambda: _filled(b"a\0,\xff,\xc3\xa9\n", size, header)),
        "one key for all": ("clients.csv", lambda: _filled(b"a,A,USD\n", size, header)),
        "long names": ("clients.csv", lambda: _filled(b"a," + b"n" * 200_000 + b",USD\n", size, header)),
        "references to nothing": (
            "kpi_readings.csv",
            lambda: _repeated(readings, lambda i: f"k{i},2024-01-01,1,", size),
        ),
        "long numbers": (
            "kpi_readings.csv",
            lambda: _filled(b"k1,2024-01-01," + b"9" * 100_000 + b",1\n", size, readings.encode() + b"\n"),
        ),
        "many settings": (
            "settings.csv",
            lambda: _repeated("name,effective_on,value", lambda i: f"time_zone,2024-01-01,Zone/{i}", size),
        ),
        "a ledger without starts": (
            "scope_changes.csv",
            lambda: _repeated(
                "external_id,engagement,kind,effective_on,value_delta",
                lambda i: f"x{i},n1,expansion,2024-05-01,1",
                size,
            ),
        ),
        "a list without end": (
            "check_ins.csv",
            lambda: _filled(b"dana;", size, b"external_id,client,held_on,client_contacts\nm1,northwind,2024-01-01,"),
        ),
        "many in each list": (
            "check_ins.csv",
            lambda: _filled(
                b"m1,northwind,2024-01-01," + b"dana;" * 10_000 + b"\n",
                size,
                b"external_id,client,held_on,client_contacts\n",
            ),
        ),
        "new people": (
            "pulses.csv",
            lambda: _repeated(
                "external_id,client,side,respondent,answered_on",
                lambda i: f"q{i},northwind,{'agency' if i % 2 else 'client'},p{i}@x.example,2024-01-01",
                size,
            ),
        ),
        "UTF-16": (
            "clients.csv",
            lambda: (block.decode().encode("utf-16-le") for block in _filled(b"x,", size // 2, "\ufeff".encode())),
        ),
    }


@dataclass
class Outcome:
    """What came of many hostile files."""

    files: int = 0
    folders: int = 0
    refused: int = 0
    accepted: int = 0
    slowest: float = 0.0
    slowest_kind: str = ""
    kinds: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.files:,} hostile files in {self.folders:,} folders: {self.refused:,} folders refused, "
            f"{self.accepted:,} taken in whole, 0 crashes; the slowest took {self.slowest:.1f} s"
            f" ({self.slowest_kind}); {memory():.0f} MB of memory at most"
        )


def memory() -> float:
    """The most megabytes this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _make(folder: Path, chance: random.Random, large: tuple[str, int] | None) -> tuple[int, str]:
    """Fill a folder; how many of its files are hostile, and what to call it."""
    if large is not None:
        kind, size = large
        for name, text in VALID.items():
            (folder / name).write_text(text)
        name, blocks = _large(size)[kind]
        with (folder / name).open("wb") as file:
            for block in blocks():
                file.write(block)
        return 1, kind
    hostile = set(chance.sample(sorted(VALID), chance.choice((1, 1, 1, 2, 4))))
    for name, text in VALID.items():
        if name in hostile:
            (folder / name).write_bytes(mutated(chance, text.encode()))
        elif chance.random() < 0.98:
            (folder / name).write_text(text)
    return len(hostile), "mutated"


def _valid(folder: Path) -> Path:
    """A folder of files with nothing wrong."""
    folder.mkdir()
    for name, text in VALID.items():
        (folder / name).write_text(text)
    return folder


def _count() -> tuple[int, ...]:
    """How many rows there are of each record. That a load was refused is noted in the audit, and nowhere else."""
    from django.apps import apps
    from django.db import connection

    from accounts.models import AuditEntry

    models = apps.get_app_config("accounts").get_models()
    tables = [model._meta.db_table for model in models if model is not AuditEntry]
    # One row of them: the rows of a union come in the order in which they are done.
    counts = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(counts)
        found: tuple[int, ...] = cursor.fetchone()
        return found


def attack(folder: Path, outcome: Outcome, chance: random.Random, large: tuple[str, int] | None = None) -> None:
    """Load one hostile folder and see that it did no harm; what it wrote is rolled back."""
    from django.db import transaction

    from accounts.exchange.loading import load

    hostile, kind = _make(folder, chance, large)
    with transaction.atomic():
        if chance.random() < 0.3:
            assert not load(_valid(folder / "valid")).is_refused
        before = _count()
        began = time.monotonic()
        report = load(folder)
        seconds = time.monotonic() - began
        if report.is_refused:
            outcome.refused += 1
            assert report.problems, "refused without a word"
            assert all(len(str(problem)) < 2_000 for problem in report.problems), "a sentence without end"
            assert "\0" not in "".join(map(str, report.problems))
            "\n".join(map(str, report.problems)).encode()
            assert _count() == before, "refused, and yet something was written"
            assert not any(count.created or count.updated or count.unchanged for count in report.files)
        else:
            outcome.accepted += 1
            again = load(folder)
            assert not again.is_refused, [str(problem) for problem in again.problems[:3]]
            changed = [str(count) for count in again.files if count.created or count.updated]
            assert not changed, changed
        transaction.set_rollback(True)
    outcome.files += hostile
    outcome.folders += 1
    outcome.kinds[kind] += 1
    if seconds > outcome.slowest:
        outcome.slowest, outcome.slowest_kind = seconds, kind
    assert seconds < SECONDS, f"{kind} took {seconds:.1f} s"


def attacks(files: int, seed: int, place: Path, large: int = 0, first: int = 0) -> Outcome:
    """Load so many hostile files, from the seed's first folder or a later one.

    Where `large` is given, now and then one of them has so many bytes.
    """
    outcome = Outcome()
    kinds = sorted(_large(0))
    number = first
    while outcome.files < files:
        chance = random.Random(f"{seed} {number}")
        with tempfile.TemporaryDirectory(dir=place) as folder:
            is_large = large and number % LARGE_EVERY == 0
            kind = kinds[number // LARGE_EVERY % len(kinds)]
            try:
                attack(Path(folder), outcome, chance, (kind, large) if is_large else None)
            except Exception as error:
                raise AssertionError(
                    f"seed {seed}, folder {number} ({kind if is_large else 'mutated'}): {error}"
                ) from error
        number += 1
        if sys.stderr.isatty() and number % 50 == 0:
            print(f"\r{outcome.files:,} files", end="", file=sys.stderr, flush=True)
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(description="Load hostile files, and see that they do no harm.")
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--first", type=int, default=0, help="the folder to begin with, as a failure names it")
    parser.add_argument("--large", type=int, default=30_000_000, help="bytes of the large ones")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    for name in ("DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    with tempfile.TemporaryDirectory(prefix="soundings-hostile-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        with embedded.servers(folder, durable=False) as addresses:
            import django
            from django.core.management import call_command

            os.environ["SOUNDINGS_ROLE"] = "owner"
            django.setup()
            from django.db import connection

            call_command("migrate", verbosity=0)
            connection.close()
            from agency.settings import database_settings

            connection.settings_dict.update(database_settings(addresses.database_url, "app"))
            outcome = attacks(asked.files, asked.seed, folder, asked.large, asked.first)
            connection.close()
    print(outcome)
    return 0 if memory() < MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
