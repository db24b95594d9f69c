"""Whether the agency dares to challenge, and stands by what it said."""

from decimal import Decimal

from metrics.figures.exact import share


def defended_share(contested: int, defended: int) -> Decimal | None:
    """How much of the advice that was debated or resisted we stood by.

    Counts of recommendations; contested advice without a stance stays in the denominator.
    Percent; None without contested advice. Source: DOMAIN.md, 9: "100 × contested advice
    defended / contested advice"; 13.
    """
    return share(defended, contested)
