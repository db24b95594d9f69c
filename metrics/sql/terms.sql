-- DOMAIN.md, 7 (commitment) and 13: the most days still committed, over the engagements open at a quarter's end.
-- A row per client and quarter with an open engagement.
WITH change AS (
    SELECT
        change.client_id,
        change.engagement_id,
        change.kind,
        change.effective_on,
        change.ends_on,
        width_bucket(change.effective_on, %(ends)s::date[]) AS quarter
    FROM accounts_scopechange AS change
    WHERE
        change.client_id = ANY(%(clients)s)
        AND change.kind IN ('start', 'renewal', 'end')
        AND change.reverses_id IS NULL
        AND NOT EXISTS (
            SELECT FROM accounts_scopechange AS reversal
            WHERE reversal.client_id = ANY(%(clients)s) AND reversal.reverses_id = change.id
        )
),

-- From the start an engagement has no term, until a row carries one.
carried AS (
    SELECT DISTINCT ON (engagement_id, quarter) client_id, engagement_id, quarter, ends_on
    FROM change
    WHERE kind = 'start' OR ends_on IS NOT NULL
    ORDER BY
        engagement_id ASC,
        quarter ASC,
        (ends_on IS NOT NULL) DESC,
        effective_on DESC,
        ends_on DESC
),

ended AS (
    SELECT engagement_id, quarter
    FROM change
    WHERE kind = 'end'
),

term AS (
    SELECT
        carried.client_id,
        carried.engagement_id,
        carried.ends_on,
        carried.quarter AS first_quarter,
        least(
            lead(carried.quarter) OVER (PARTITION BY carried.engagement_id ORDER BY carried.quarter),
            ended.quarter,
            cardinality(%(ends)s::date[])
        ) - 1 AS last_quarter
    FROM carried
    LEFT JOIN ended ON ended.engagement_id = carried.engagement_id
)

SELECT
    term.client_id,
    quarter.number::int - 1,
    greatest(
        max(term.ends_on) - quarter.ends_on,
        max(coalesce(engagement.notice_days, 0)) FILTER (WHERE term.ends_on IS NULL),
        0
    )
FROM term
JOIN accounts_engagement AS engagement ON engagement.id = term.engagement_id
JOIN unnest(%(ends)s::date[]) WITH ORDINALITY AS quarter (ends_on, number)
    ON quarter.number - 1 BETWEEN term.first_quarter AND term.last_quarter
WHERE engagement.client_id = ANY(%(clients)s)
GROUP BY term.client_id, quarter.number, quarter.ends_on
