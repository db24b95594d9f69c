"""DOMAIN.md 9: whether the agency dares to challenge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .arithmetic import printed, share
from .periods import year_before
from .records import Recommendation


@dataclass(frozen=True)
class Candour:
    """What the agency did with the advice a client did not welcome."""

    contested: int
    defended: int
    compromised: int
    withdrawn: int

    def defended_share(self) -> Fraction | None:
        """DOMAIN.md 9: "100 × contested advice defended / contested advice". DOMAIN.md 13:
        "Contested advice without a stance stays in the denominator."
        """
        return share(self.defended, self.contested)


def candour(recommendations: Iterable[Recommendation]) -> Candour:
    """Contested advice, by what the agency did with it.

    DOMAIN.md 9: "*Contested* means debated or resisted."
    """
    stances = [r.stance for r in recommendations if r.reception in ("debated", "resisted")]
    return Candour(
        contested=len(stances),
        defended=stances.count("defended"),
        compromised=stances.count("compromised"),
        withdrawn=stances.count("withdrawn"),
    )


def defended_last_year(recommendations: Iterable[Recommendation], e: date) -> Fraction | None:
    """The share of the last year's contested advice that the agency stood by.

    DOMAIN.md 8: "share of contested advice of the last year defended".
    """
    start = year_before(e)
    return candour(r for r in recommendations if start <= r.made_on < e).defended_share()


def candour_row(client: str, recommendations: Iterable[Recommendation]) -> dict[str, str] | None:
    """One line of the candour file, or none for a client without contested advice.

    DATA.md: "all time; clients with contested advice". DOMAIN.md 13: "candour.csv counts every
    recommendation, whatever its date."
    """
    counts = candour(recommendations)
    if counts.contested == 0:
        return None
    return {
        "client": client,
        "contested": str(counts.contested),
        "defended": str(counts.defended),
        "compromised": str(counts.compromised),
        "withdrawn": str(counts.withdrawn),
        "defended_share": printed(counts.defended_share()),
    }
