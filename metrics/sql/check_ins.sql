-- DOMAIN.md, 7 (communication, ownership, signs) and 13: check-ins in the year to a quarter's end from the
-- client's first start on, in the 182 days to it, and what was ticked in the year. A sign counts
-- once per check-in. A row per client and quarter with a check-in in the year, which holds the 182 days.
WITH held AS (
    SELECT
        check_in.client_id,
        width_bucket(check_in.held_on, %(ends)s::date[]) AS first_quarter,
        width_bucket(check_in.held_on, %(years)s::date[]) - 1 AS last_of_year,
        width_bucket(check_in.held_on + 182, %(ends)s::date[]) - 1 AS last_of_half_year,
        count(*) AS held,
        count(*) FILTER (WHERE check_in.held_on >= client.first_start) AS since_start,
        sum(ticked.trust) AS trust,
        sum(ticked.trust + ticked.stalling) AS ticks
    FROM accounts_checkin AS check_in
    JOIN unnest(%(clients)s::bigint[], %(first_starts)s::date[]) AS client (id, first_start)
        ON client.id = check_in.client_id
    CROSS JOIN LATERAL (
        SELECT
            ('brought_in_early' = ANY(check_in.signs))::int
            + ('new_channel' = ANY(check_in.signs))::int
            + ('long_term_budget' = ANY(check_in.signs))::int AS trust,
            ('priorities_debated' = ANY(check_in.signs))::int
            + ('strategy_questioned' = ANY(check_in.signs))::int
            + ('started_over' = ANY(check_in.signs))::int AS stalling
    ) AS ticked
    WHERE check_in.client_id = ANY(%(clients)s)
    GROUP BY check_in.client_id, first_quarter, last_of_year, last_of_half_year
)

SELECT
    held.client_id,
    held.first_quarter + later.by AS quarter,
    coalesce(sum(held.held) FILTER (WHERE held.first_quarter + later.by <= held.last_of_half_year), 0)::int,
    sum(held.since_start)::int,
    sum(held.ticks)::int,
    sum(held.trust)::int
FROM held
JOIN (VALUES (0), (1), (2), (3)) AS later (by) ON held.first_quarter + later.by <= held.last_of_year
GROUP BY held.client_id, quarter
