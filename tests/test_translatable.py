"""Every word on a page is marked for translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agency.environment import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

MARKED = re.compile(
    r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}|{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", re.DOTALL
)
ELEMENTS_WITHOUT_WORDS = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
READ_OUT = re.compile(r"\b(?:aria-label|title|placeholder|alt|data-said|data-failed)=(\"[^\"]*\"|'[^']*')")
ELEMENT = re.compile(r"<[^>]*>", re.DOTALL)
ENTITY = re.compile(r"&\w+;")
NAMES_OF_THE_PRODUCT = re.compile(r"\bSoundings\b|\bCtrl\b|\b[KCA-Z]\b|\bmanage\.py \w+\b")
WORD = re.compile(r"[^\W\d_]+")


def unmarked(template: str) -> list[str]:
    """Words that no translator would ever see."""
    text = ELEMENTS_WITHOUT_WORDS.sub(" ", MARKED.sub(" ", template))
    # A tag of the template may stand within an element, quotation marks and all.
    text = TEMPLATE_TAG.sub(" ", text)
    read_out = " ".join(READ_OUT.findall(text))
    seen = ENTITY.sub(" ", ELEMENT.sub(" ", text))
    return WORD.findall(NAMES_OF_THE_PRODUCT.sub(" ", f"{read_out} {seen}"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_word_is_marked_for_translation(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


def test_unmarked_words_are_found() -> None:
    assert unmarked('<p title="{{ x }}">{% translate "Marked" %} {{ value }}</p>') == []
    assert unmarked("<p>{% blocktranslate %}Marked too{% endblocktranslate %}</p>") == []
    assert unmarked("<p>Forgotten {{ value }}</p>") == ["Forgotten"]
    assert unmarked('<a aria-label="Unheard">{% translate "Seen" %}</a>') == ["Unheard"]
    assert unmarked("{# a remark #}<p>5 &nbsp; %</p>") == []
