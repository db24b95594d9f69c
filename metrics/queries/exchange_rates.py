"""What money of each currency is worth in the reporting one, for statements that add up what accounts have."""

_RATE = """
        CASE used.currency
            WHEN asked.reporting_currency THEN 1
            ELSE (
                SELECT exchange.rate
                FROM accounts_exchangerate AS exchange
                WHERE exchange.currency = used.currency AND exchange.effective_on <= {on}
                ORDER BY exchange.effective_on DESC
                LIMIT 1
            )
        END AS {name}"""

_RATES = """rate AS MATERIALIZED (
    SELECT
        used.currency,{columns}
    FROM (SELECT DISTINCT currency FROM accounts_client) AS used
    CROSS JOIN asked
)"""


def rates_in_force(**days: str) -> str:
    """SQL of a table `rate`: for each currency in use, the rate in force on each of these days, by the columns' names.

    The statement has a table `asked` of one row, with the days and `reporting_currency`; its own rate is 1. NULL where
    none is in force. Source: DOMAIN.md, 4.
    """
    return _RATES.format(columns=",".join(_RATE.format(name=name, on=on) for name, on in days.items()))
