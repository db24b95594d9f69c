"""Hostile files are refused in words or taken in whole; a few here, 20,000 in `make proofs`."""

from pathlib import Path

import pytest

from tests.proofs.hostile_files import attacks


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_hostile_files_do_no_harm(seed: int, tmp_path: Path) -> None:
    outcome = attacks(60, seed, tmp_path, large=2_000_000)
    assert outcome.files >= 60
    assert outcome.refused > outcome.accepted > 0
