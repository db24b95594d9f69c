-- DOMAIN.md, 3 and 7 (value): by how much annual scope and value change from one quarter end to the next,
-- by service line; and the scope in engagements whose pricing is known, and priced by value or shared risk.
-- A row per client, service line and quarter in which something changes. Money in the client's currency.
--
-- A row of the ledger counts at the ends of its own and all later quarters. Once the engagement has
-- ended it counts no more: a retainer's at once, a project's when it is older than a year too.
WITH change AS (
    SELECT
        change.client_id,
        change.engagement_id,
        engagement.service_line,
        engagement.billing,
        engagement.pricing,
        width_bucket(change.effective_on, %(ends)s::date[]) AS quarter,
        CASE change.kind WHEN 'price' THEN 0 ELSE change.value_delta END AS scope,
        change.value_delta AS value,
        change.kind = 'end' AS ends
    FROM accounts_scopechange AS change
    JOIN accounts_engagement AS engagement ON engagement.id = change.engagement_id
    WHERE
        change.client_id = ANY(%(clients)s)
        AND engagement.client_id = ANY(%(clients)s)
        AND change.reverses_id IS NULL
        AND NOT EXISTS (
            SELECT FROM accounts_scopechange AS reversal
            WHERE reversal.client_id = ANY(%(clients)s) AND reversal.reverses_id = change.id
        )
),

dated AS (
    SELECT *, any_value(quarter) FILTER (WHERE ends) OVER (PARTITION BY engagement_id) AS ended
    FROM change
),

step AS (
    SELECT client_id, engagement_id, service_line, billing, pricing, quarter, scope, value
    FROM dated
    UNION ALL
    SELECT
        client_id,
        engagement_id,
        service_line,
        billing,
        pricing,
        CASE billing WHEN 'project' THEN greatest(quarter + 4, ended) ELSE ended END,
        -scope,
        -value
    FROM dated
    WHERE ended IS NOT NULL
),

balance AS (
    SELECT
        client_id,
        engagement_id,
        service_line,
        pricing,
        quarter,
        CASE billing WHEN 'retainer' THEN 12 ELSE 1 END AS times,
        greatest(sum(sum(scope)) OVER by_quarter, 0) AS scope,
        greatest(sum(sum(value)) OVER by_quarter, 0) AS value
    FROM step
    GROUP BY client_id, engagement_id, service_line, billing, pricing, quarter
    WINDOW by_quarter AS (PARTITION BY engagement_id ORDER BY quarter)
),

moved AS (
    SELECT
        client_id,
        service_line,
        pricing,
        quarter,
        times * (scope - lag(scope, 1, 0::numeric) OVER by_quarter) AS scope,
        times * (value - lag(value, 1, 0::numeric) OVER by_quarter) AS value
    FROM balance
    WINDOW by_quarter AS (PARTITION BY engagement_id ORDER BY quarter)
)

SELECT
    client_id,
    service_line,
    quarter,
    sum(scope),
    sum(value),
    coalesce(sum(scope) FILTER (WHERE pricing <> ''), 0),
    coalesce(sum(scope) FILTER (WHERE pricing IN ('value', 'shared_risk')), 0)
FROM moved
WHERE quarter < cardinality(%(ends)s::date[]) AND (scope <> 0 OR value <> 0)
GROUP BY client_id, service_line, quarter
ORDER BY client_id, service_line, quarter
