-- DOMAIN.md, 8 and 13: how growers and others rank against each other by each indicator, client by client.
-- A row per indicator (by its place in INDICATORS, from 0) and client with a case. A case is a quarter
-- with scope at its end and two full quarters after it, ended by the as-of date; values that agree to
-- 6 decimals are ties. A win counts 2 for a grower with the higher value and 1 for a tie, a loss the
-- same for the other.
WITH cases AS (
    SELECT
        indicator.place,
        earlier.client_id,
        (round(indicator.x, 6) * 1000000)::bigint AS x,
        -- A client that has no row has no scope.
        coalesce(later.scope_end, 0) > earlier.scope_end AS grew
    FROM metrics_clientquarter AS earlier
    LEFT JOIN metrics_clientquarter AS later
        ON
            later.client_id = earlier.client_id
            AND later.starts_on = (earlier.starts_on + interval '6 months')::date
    CROSS JOIN LATERAL (
        VALUES
            (0, earlier.attainment),
            (1, earlier.partnership_score),
            (2, earlier.score[1]),
            (3, earlier.score[2]),
            (4, earlier.score[3]),
            (5, earlier.score[4]),
            (6, earlier.score[5]),
            (7, earlier.score[6]),
            (8, earlier.score[7]),
            (9, earlier.score[8]),
            (10, earlier.score[9]),
            (11, earlier.score[10]),
            (12, earlier.check_in_rhythm),
            (13, earlier.candour),
            (14, earlier.confidence),
            (15, earlier.trust_signs)
    ) AS indicator (place, x)
    WHERE
        earlier.scope_end > 0
        AND (earlier.ends_on + interval '6 months')::date <= %(as_of)s
        AND indicator.x IS NOT NULL
),

tally AS (
    SELECT
        place,
        x,
        count(*) FILTER (WHERE grew) AS growers,
        count(*) FILTER (WHERE NOT grew) AS others
    FROM cases
    GROUP BY place, x
),

ranked AS (
    SELECT
        place,
        x,
        (2 * sum(others) OVER upwards - others)::bigint AS wins,
        (2 * (sum(growers) OVER (PARTITION BY place) - sum(growers) OVER upwards) + growers)::bigint AS losses
    FROM tally
    WINDOW upwards AS (PARTITION BY place ORDER BY x)
)

SELECT
    cases.place,
    count(*) FILTER (WHERE cases.grew),
    coalesce(sum(ranked.wins) FILTER (WHERE cases.grew), 0)::bigint,
    count(*) FILTER (WHERE NOT cases.grew),
    coalesce(sum(ranked.losses) FILTER (WHERE NOT cases.grew), 0)::bigint
FROM cases
JOIN ranked ON ranked.place = cases.place AND ranked.x = cases.x
GROUP BY cases.place, cases.client_id
ORDER BY cases.place
