-- DOMAIN.md, 7 (action) and 9: advice given in the year to a quarter's end.
-- A row per client and quarter with any.
WITH given AS (
    SELECT
        client_id,
        width_bucket(made_on, %(ends)s::date[]) AS first_quarter,
        width_bucket(made_on, %(years)s::date[]) - 1 AS last_quarter,
        count(*) FILTER (WHERE proactive IS NOT NULL) AS known,
        count(*) FILTER (WHERE proactive) AS proactive,
        count(*) FILTER (WHERE reception IN ('debated', 'resisted')) AS contested,
        count(*) FILTER (
            WHERE reception IN ('debated', 'resisted') AND stance = 'defended'
        ) AS defended
    FROM accounts_recommendation
    WHERE client_id = ANY(%(clients)s)
    GROUP BY client_id, first_quarter, last_quarter
)

SELECT
    given.client_id,
    given.first_quarter + later.by AS quarter,
    sum(given.known)::int,
    sum(given.proactive)::int,
    sum(given.contested)::int,
    sum(given.defended)::int
FROM given
JOIN (VALUES (0), (1), (2), (3)) AS later (by)
    ON given.first_quarter + later.by <= given.last_quarter
GROUP BY given.client_id, quarter
