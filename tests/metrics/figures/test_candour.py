from decimal import Decimal

from metrics.figures.candour import defended_share
from tests.metrics.figures.by_fractions import printed


def test_two_of_three_pieces_of_contested_advice_defended() -> None:
    share = defended_share(3, 2)
    assert share is not None
    assert printed(share) == Decimal("66.6667")


def test_advice_nobody_contested_says_nothing_of_candour() -> None:
    assert defended_share(0, 0) is None
    assert defended_share(4, 0) == 0
