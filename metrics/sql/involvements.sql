-- DOMAIN.md, 7 (involvement) and 13: into how many kinds of the client's work we are let at a quarter's end.
-- A row per client and quarter with at least one. On the day it ends it is not over yet.
SELECT involvement.client_id, quarter.number::int - 1, count(DISTINCT involvement.kind)
FROM accounts_involvement AS involvement
JOIN unnest(%(ends)s::date[]) WITH ORDINALITY AS quarter (ends_on, number)
    ON
        involvement.started_on < quarter.ends_on
        AND (involvement.ended_on IS NULL OR involvement.ended_on >= quarter.ends_on)
WHERE involvement.client_id = ANY(%(clients)s)
GROUP BY involvement.client_id, quarter.number
