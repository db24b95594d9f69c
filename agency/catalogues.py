"""The translations: which strings a client's people may read, found in the code, and their catalogues made ready.

    python -m agency.catalogues           compiles each catalogue that is newer than what it was compiled to
    python -m agency.catalogues update    writes new strings into locale/*/LC_MESSAGES/django.po, to be translated there

Babel does it, so that no machine needs gettext's tools.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from agency.environment import ROOT

LANGUAGES = ("fr", "de")
LOCALE = ROOT / "locale"
SOURCES = (
    "templates/portal/**/*.html",
    "templates/mail/**/*.html",
    "templates/mail/**/*.txt",
    "metrics/portal/**/*.py",
    "accounts/outbox.py",
    "accounts/sign_in_mail.py",
    # Signing in, and what stands around it.
    "templates/alone.html",
    "templates/[45]*.html",
    "templates/account/**/*",
    "templates/mfa/**/*",
    "templates/usersessions/**/*",
    "templates/components/_brand.html",
    "templates/components/_head.html",
    "templates/components/_languages.html",
    "templates/components/_messages.html",
    "templates/components/_months.html",
    "templates/django/forms/*.html",
    "accounts/forms/sign_in.py",
    "accounts/adapter.py",
    "accounts/views/you.py",
    "templates/accounts/invitation/closed.html",
    "templates/accounts/invitation/page.html",
    "templates/accounts/you/**/*.html",
    # What is said to each other, the pulse, and how figures are printed.
    "accounts/forms/conversation.py",
    "accounts/views/conversation.py",
    "accounts/forms/pulse.py",
    "accounts/pulse_words.py",
    "accounts/views/pulses.py",
    "templates/accounts/pulse/_*.html",
    "metrics/printing.py",
    "metrics/charts/held_scope.py",
)
"""The files whose every string is translated."""
ALSO = {
    "accounts/attributes.py": (
        "Commitment",
        "Approach",
        "Action",
        "Loyalty",
        "Trust",
        "Ownership",
        "Value",
        "Involvement",
        "Communication",
        "Collaboration",
    ),
    "accounts/models/engagements.py": ("Retainer", "Project"),
    "metrics/templatetags/figures.py": (
        "not known",
        "The chart could not be drawn. The table below says the same.",
    ),
}
"""Files of which a client's people read these strings, and are not to read the others."""
OF_ALLAUTH = (
    "Be patient, you are sending too many requests.",
    "Code",
    "Current Password",
    "Incorrect code.",
    "Incorrect password.",
    "New Password",
    "New Password (again)",
    "Please type your current password.",
    "The email address and/or password you specified are not correct.",
    "The new value must be different from the current one.",
    "This account is currently inactive.",
    "Too many failed login attempts. Try again later.",
    "You must type the same password each time.",
)
"""What allauth says itself while one signs in. Its own translations are less formal, or there are none."""
KEYWORDS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def sources() -> list[Path]:
    """Every file that SOURCES names, in order."""
    return sorted({path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file()})


def wanted() -> Catalog:
    """Every string that is translated."""
    found = extracted(sources())
    for name, strings in ALSO.items():
        there = extracted([ROOT / name])
        for string in strings:
            found.add(string, locations=there[string].locations)
    for string in OF_ALLAUTH:
        found.add(string, locations=[("allauth", 0)])
    return found


def extracted(paths: Iterable[Path]) -> Catalog:
    """What is marked for translation in these files."""
    found = Catalog(charset="utf-8")
    for path in paths:
        code = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            code = _as_python(code)
        for line, message, _comments, context in extract.extract(
            "python", io.BytesIO(code.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            found.add(message, locations=[(str(path.relative_to(ROOT)), line)], context=context)
    return found


def _as_python(template: str) -> str:
    """A template's strings as calls in Python, line for line, and all else blanked out."""
    from django.utils.translation.template import templatize

    return re.sub(r"(?m)^[ \t]+", "", templatize(template))


def po(language: str) -> Path:
    """Where a language's translations are written by hand."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> Catalog:
    """A language's translations as they are written."""
    with po(language).open("rb") as written:
        return read_po(written, locale=language, domain="django")


def update() -> None:
    """Writes what the code asks for into each catalogue; what it asks for no more is left out."""
    asked_for = wanted()
    for language in LANGUAGES:
        kept = catalogue(language) if po(language).exists() else Catalog(locale=language, domain="django")
        made = Catalog(locale=language, domain="django", project="Soundings", charset="utf-8", fuzzy=False)
        made.header_comment = f"# Soundings in {made.locale.english_name if made.locale else language}."
        for message in asked_for:
            if not message.id:
                continue
            before = kept.get(message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
            string = before.string if before and bool(before.pluralizable) == bool(message.pluralizable) else None
            made.add(
                message.id,
                string,
                locations=list(dict.fromkeys((where, 0) for where, _line in message.locations)),
                context=message.context,
            )
        buffer = io.BytesIO()
        write_po(buffer, made, width=100, sort_by_file=True, include_lineno=False)
        po(language).parent.mkdir(parents=True, exist_ok=True)
        _write(po(language), _without_dates(buffer.getvalue()))


def _without_dates(written: bytes) -> bytes:
    """A catalogue's header, but for what changes without a string being changed."""
    dated = (
        rb'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By): .*"\n'
    )
    return re.sub(dated, b"", written)


def stale() -> Iterator[str]:
    """The languages that are to be compiled anew."""
    for language in LANGUAGES:
        written, compiled = po(language), po(language).with_suffix(".mo")
        if written.exists() and (not compiled.exists() or compiled.stat().st_mtime <= written.stat().st_mtime):
            yield language


def compile_stale() -> None:
    """Compiles what was written since; where nothing may be written, what is there has to do."""
    for language in stale():
        buffer = io.BytesIO()
        write_mo(buffer, catalogue(language))
        with contextlib.suppress(PermissionError):
            _write(po(language).with_suffix(".mo"), buffer.getvalue())


def _write(path: Path, content: bytes) -> None:
    """All at once: others may read it meanwhile."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as made:
        made.write(content)
    os.chmod(made.name, 0o644)
    os.replace(made.name, path)


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    compile_stale()
