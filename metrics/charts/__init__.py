"""Rows in, Plotly figures out, as plain dictionaries: no database, and no colour but tokens."""

from typing import Any

Figure = dict[str, Any]
