-- DOMAIN.md, 7 (loyalty): the place on the roster, from the first quarter end at which it is in force.
-- A row per client and quarter in which it was answered anew; what lies before the calendar counts
-- from its first quarter on.
SELECT DISTINCT ON (client_id, quarter)
    client_id,
    width_bucket(effective_on, %(ends)s::date[]) AS quarter,
    standing
FROM accounts_standing
WHERE client_id = ANY(%(clients)s)
ORDER BY client_id ASC, quarter ASC, effective_on DESC
