-- DOMAIN.md, 7 (collaboration) and 13: goals open at any time in the year to a quarter's end, and agreed before it.
-- A row per client and quarter with such a goal.
SELECT
    goal.client_id,
    quarter.number::int - 1,
    count(*),
    count(*) FILTER (WHERE goal.agreed_on < quarter.ends_on)
FROM accounts_goal AS goal
JOIN unnest(%(years)s::date[], %(ends)s::date[]) WITH ORDINALITY AS quarter (year_starts_on, ends_on, number)
    ON
        goal.set_on < quarter.ends_on
        AND (goal.closed_on IS NULL OR goal.closed_on >= quarter.year_starts_on)
WHERE goal.client_id = ANY(%(clients)s)
GROUP BY goal.client_id, quarter.number
