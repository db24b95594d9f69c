"""Whom the tests of records begin with."""

from __future__ import annotations

import pytest

from accounts.models import Person
from tests import builders


@pytest.fixture
def cast(db: None) -> builders.Cast:
    return builders.cast()


@pytest.fixture
def ines(cast: builders.Cast) -> Person:
    """Ines, who signs in by her password."""
    return builders.ines(password=builders.PASSWORD)
