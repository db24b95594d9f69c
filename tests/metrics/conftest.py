"""What the tests of figures share: the one that counts over all others comes last."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What occurred among the invented agencies is known once their batches have run."""
    items.sort(key=lambda item: "test_every_case_occurs_among_the_agencies" in item.name)
