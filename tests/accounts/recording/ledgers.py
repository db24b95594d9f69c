"""What tests of the forms that write the ledger share."""

from __future__ import annotations

import html
from typing import Any

from tests.accounts.recording import conftest


def plain(answer: Any) -> str:
    """The words of an answer as they are read, as one line, amounts with common spaces."""
    return html.unescape(conftest.plain(answer)).replace("\N{NO-BREAK SPACE}", " ")
