"""The translations are complete: whatever a client's people may read is in French and German, with nothing lost."""

from __future__ import annotations

import gettext
import os
import re
import shutil
from pathlib import Path

import allauth
import pytest
from babel.messages import Catalog
from babel.messages.catalog import Message

from agency import catalogues
from agency.catalogues import LANGUAGES

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%|\{\w*\}|<[^>]+>")


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return catalogues.wanted()


@pytest.fixture(scope="module")
def written() -> dict[str, Catalog]:
    return {language: catalogues.catalogue(language) for language in LANGUAGES}


def texts(of: object) -> list[str]:
    return [str(text) for text in of] if isinstance(of, tuple | list) else [str(of)]


def key(message: Message) -> tuple[str | None, str]:
    return message.context, texts(message.id)[0]


def faults(wanted: Catalog, written: Catalog) -> list[str]:
    """What a translator has still to do, or did wrong."""
    found = []
    there = {key(message): message for message in written if message.id}
    for message in wanted:
        if not message.id:
            continue
        translated = there.get(key(message))
        if translated is None or texts(translated.id) != texts(message.id):
            found.append(f"not in the catalogue: {message.id}")
        elif not all(texts(translated.string)) or translated.string is None:
            found.append(f"not translated: {message.id}")
        elif translated.fuzzy:
            found.append(f"fuzzy: {message.id}")
        elif len(texts(translated.string)) != (written.num_plurals if isinstance(message.id, tuple) else 1):
            found.append(f"too few or too many forms: {message.id}")
        else:
            found += [f"other placeholders: {text}" for text in texts(translated.string) if differs(message, text)]
    asked = {key(message) for message in wanted}
    return found + [f"nobody asks for: {message.id}" for name, message in there.items() if name not in asked]


def differs(message: Message, translated: str) -> bool:
    """A form of a plural may leave out what another form of it holds, such as the number one."""
    held = [sorted(PLACEHOLDER.findall(text)) for text in texts(message.id)]
    has = sorted(PLACEHOLDER.findall(translated))
    if len(held) == 1:
        return has != held[0]
    return not set(has) <= {name for names in held for name in names}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete(wanted: Catalog, written: dict[str, Catalog], language: str) -> None:
    assert faults(wanted, written[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_begins_and_ends_as_what_it_translates(written: dict[str, Catalog], language: str) -> None:
    for message in written[language]:
        for original, translated in zip(texts(message.id), texts(message.string), strict=False):
            if message.id:
                assert translated == translated.strip()
                assert " " not in original or original[-1:] in ".:?" or translated[-1:] not in ".", translated
                assert original[-1:] != "." or translated[-1:] in ".”“»", translated


def test_french_sets_its_marks_apart_and_german_and_french_are_formal(written: dict[str, Catalog]) -> None:
    # A reader's line must not break before them, so the space is one that does not break.
    wrong = re.compile(r"[^\s\u00a0\u202f/\d][?!;:»](?:\s|$)| [?!;:»]|« ")
    said = [text for message in written["fr"] if message.id for text in texts(message.string)]
    assert [text for text in said if wrong.search(re.sub(r"%\(\w+\)s|\{\w*\}", "x", text))] == []
    assert [text for text in said if re.search(r"\b(tu|toi|ton|tes)\b", text, re.IGNORECASE)] == []
    assert [text for text in said if "'" in text] == [], "the apostrophe is ’"
    meant = [text for message in written["de"] if message.id for text in texts(message.string)]
    assert [text for text in meant if re.search(r"\b(du|dein\w*|dich|dir)\b", text, re.IGNORECASE)] == []


def test_what_is_missing_is_found() -> None:
    wanted, written = Catalog(), Catalog(locale="fr")
    for text in ("Good", "%(a)s is there", "Left", ("one", "%(n)s")):
        wanted.add(text)
    written.add("Good", "Bon")
    written.add("%(a)s is there", "%(b)s est là")
    written.add(("one", "%(n)s"), ("un", ""))
    written.add("Gone", "Parti")
    assert faults(wanted, written) == [
        "other placeholders: %(b)s est là",
        "not in the catalogue: Left",
        "not translated: ('one', '%(n)s')",
        "nobody asks for: Gone",
    ]


def test_strings_are_found_in_templates_and_in_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    template, code = tmp_path / "page.html", tmp_path / "page.py"
    template.write_text(
        '{% load i18n %}\n<p title="it\'s">{% translate "One" %}</p>\n  {% blocktranslate trimmed count n=n %}\n'
        "    {{ n }} day\n  {% plural %}\n    {{ n }} days\n  {% endblocktranslate %}\n"
        '<b>"{% translate "Two" context "verb" %}"</b>'
    )
    code.write_text('from x import gettext_lazy as _\nA = _("Three"\n  " and four")\nB = ngettext("a", "b", 2)\n')
    found = catalogues.extracted([template, code])
    assert {key(message): message.id for message in found if message.id} == {
        (None, "One"): "One",
        (None, "%(n)s day"): ("%(n)s day", "%(n)s days"),
        ("verb", "Two"): "Two",
        (None, "Three and four"): "Three and four",
        (None, "a"): ("a", "b"),
    }
    assert found["One"].locations == [("page.html", 2)]


def test_a_catalogue_is_compiled_when_it_was_written_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    written.parent.mkdir(parents=True)
    shutil.copyfile(catalogues.po("fr"), written)
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    assert list(catalogues.stale()) == ["fr"]
    catalogues.compile_stale()
    assert list(catalogues.stale()) == []
    with written.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Sign in") == "Se connecter"
    os.utime(written, (2**31, 2**31))
    assert list(catalogues.stale()) == ["fr"]


def test_there_are_no_strings_but_those_of_files_that_are_there() -> None:
    for pattern in catalogues.SOURCES:
        assert pattern.startswith(("templates/", "metrics/", "accounts/"))
    assert len(catalogues.sources()) > 20


def test_what_is_said_for_allauth_is_what_it_says() -> None:
    package = Path(allauth.__file__).parent
    code = [*(package / "account").rglob("*.py"), *(package / "mfa").rglob("*.py")]
    said = re.sub(r"\s+", " ", "".join(path.read_text(encoding="utf-8") for path in code if "tests" not in path.parts))
    assert [text for text in catalogues.OF_ALLAUTH if f'"{text}"' not in said] == []


def test_no_word_for_a_pattern_is_translated(written: dict[str, Catalog]) -> None:
    # A client's people never read one, so that a translation would be a sign that a page says it.
    for pattern in ("Compounding trust", "Good numbers, stalling", "Deepening through fluctuation", "At risk"):
        assert written["fr"].get(pattern) is None
