"""The exchange format is described in docs/records.md as it is read."""

from __future__ import annotations

import pytest

from accounts.exchange.formats import FIGURES, FORMATS, Format
from agency import environment

DESCRIPTION = (environment.ROOT / "docs" / "records.md").read_text(encoding="utf-8")


def described(form: Format) -> str:
    """The part of the description that is about one file."""
    lines = [f"### {form.file}", "", "| column | holds |", "|---|---|"]
    for column in form.columns:
        name = f"**{column.name}**" if column.required else column.name
        lines.append(f"| {name} | {column.kind.expected} |")
    return "\n".join([*lines, "", f"A row is known by {' and '.join(form.key)}.", ""])


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.file)
def test_each_file_is_described_as_it_is_read(form: Format) -> None:
    assert described(form) in DESCRIPTION


@pytest.mark.parametrize("file", sorted(FIGURES))
def test_each_file_of_figures_is_named(file: str) -> None:
    assert f"`{file}`" in DESCRIPTION
