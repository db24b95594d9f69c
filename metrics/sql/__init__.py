"""The statements that add up records and stored figures, one a file, each named after what it returns."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """The text of one statement, by the name of its file without the ending. FileNotFoundError for others."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
