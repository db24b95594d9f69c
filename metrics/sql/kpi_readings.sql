-- DOMAIN.md, 5: readings with a target in each quarter, and those that met it.
-- A row per client and quarter with such a reading; the three quarters before the calendar are -3 to
-- -1, since the year windows of its first quarters reach back to them.
SELECT
    reading.client_id,
    width_bucket(reading.month, %(earlier_ends)s::date[]) - 3 AS quarter,
    count(*),
    count(*) FILTER (
        WHERE CASE kpi.direction
            WHEN 'higher' THEN reading.value >= reading.target
            ELSE reading.value <= reading.target
        END
    )
FROM accounts_kpireading AS reading
JOIN accounts_kpi AS kpi ON kpi.id = reading.kpi_id
WHERE
    reading.client_id = ANY(%(clients)s)
    AND kpi.client_id = ANY(%(clients)s)
    AND reading.target IS NOT NULL
    AND reading.month >= %(year_before)s
    AND reading.month < %(last_end)s
GROUP BY reading.client_id, quarter
