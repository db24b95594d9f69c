-- DOMAIN.md, 4 and 7 (approach): what was begun, expanded and renewed in each quarter, and on whose initiative.
-- A row per client, service line and quarter with such a row in the ledger; annual value, in the
-- client's currency. Growth is by expansions, and by starts dated after the client's first.
SELECT
    change.client_id,
    engagement.service_line,
    width_bucket(change.effective_on, %(ends)s::date[]) AS quarter,
    coalesce(
        sum(change.value_delta * CASE engagement.billing WHEN 'retainer' THEN 12 ELSE 1 END)
        FILTER (WHERE change.origin IN ('client', 'joint', 'agency') AND later.growth),
        0
    ),
    coalesce(
        sum(change.value_delta * CASE engagement.billing WHEN 'retainer' THEN 12 ELSE 1 END)
        FILTER (WHERE change.origin IN ('client', 'joint') AND later.growth),
        0
    ),
    count(*) FILTER (WHERE change.kind = 'renewal'),
    count(*) FILTER (WHERE change.kind <> 'renewal'),
    count(*) FILTER (
        WHERE change.kind <> 'renewal'
        AND change.involved_from IN ('idea', 'plan', 'brief', 'execution')
    ),
    count(*) FILTER (WHERE change.kind <> 'renewal' AND change.involved_from IN ('idea', 'plan'))
FROM accounts_scopechange AS change
JOIN accounts_engagement AS engagement ON engagement.id = change.engagement_id
JOIN unnest(%(clients)s::bigint[], %(first_starts)s::date[]) AS client (id, first_start)
    ON client.id = change.client_id
CROSS JOIN LATERAL (
    SELECT
        change.kind = 'expansion'
        OR (change.kind = 'start' AND change.effective_on > client.first_start) AS growth
) AS later
WHERE
    change.client_id = ANY(%(clients)s)
    AND engagement.client_id = ANY(%(clients)s)
    AND change.kind IN ('start', 'expansion', 'renewal')
    AND change.effective_on < %(last_end)s
    AND change.reverses_id IS NULL
    AND NOT EXISTS (
        SELECT FROM accounts_scopechange AS reversal
        WHERE reversal.client_id = ANY(%(clients)s) AND reversal.reverses_id = change.id
    )
GROUP BY change.client_id, engagement.service_line, quarter
ORDER BY change.client_id, engagement.service_line, quarter
