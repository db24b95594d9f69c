"""Rows that a statement gives back as JSON."""

import json
from decimal import Decimal
from typing import Any


def from_json(text: str) -> Any:
    """Rows that came as JSON, their numbers as they are stored: a fraction is never turned into a float."""
    return json.loads(text, parse_float=Decimal)
