-- DATA.md, expansion_rates.csv.
SELECT
    quarter,
    "window",
    segment,
    existing,
    expanding,
    flat,
    contracting,
    lost,
    rate,
    low,
    high,
    band,
    settled,
    nsr,
    nrr,
    grr,
    pulled_share,
    into_new,
    stayed
FROM metrics_expansionrate
ORDER BY quarter, "window", segment
