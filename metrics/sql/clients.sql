-- DOMAIN.md, 4, 7 and 9: who the clients are, when things first happened, contested advice of all time.
-- One row a client.
WITH first_start AS (
    SELECT change.client_id, min(change.effective_on) AS effective_on
    FROM accounts_scopechange AS change
    WHERE
        change.client_id = ANY(%(clients)s)
        AND change.kind = 'start'
        AND change.reverses_id IS NULL
        AND NOT EXISTS (
            SELECT FROM accounts_scopechange AS reversal
            WHERE reversal.client_id = ANY(%(clients)s) AND reversal.reverses_id = change.id
        )
    GROUP BY change.client_id
),

first_check_in AS (
    SELECT client_id, min(held_on) AS held_on
    FROM accounts_checkin
    WHERE client_id = ANY(%(clients)s)
    GROUP BY client_id
),

first_involvement AS (
    SELECT client_id, min(started_on) AS started_on
    FROM accounts_involvement
    WHERE client_id = ANY(%(clients)s)
    GROUP BY client_id
),

candour AS (
    SELECT
        client_id,
        count(*) AS contested,
        count(*) FILTER (WHERE stance = 'defended') AS defended,
        count(*) FILTER (WHERE stance = 'compromised') AS compromised,
        count(*) FILTER (WHERE stance = 'withdrawn') AS withdrawn
    FROM accounts_recommendation
    WHERE client_id = ANY(%(clients)s) AND reception IN ('debated', 'resisted')
    GROUP BY client_id
)

SELECT
    client.id,
    client.external_id,
    client.value_tier,
    first_start.effective_on,
    first_check_in.held_on,
    first_involvement.started_on,
    coalesce(candour.contested, 0),
    coalesce(candour.defended, 0),
    coalesce(candour.compromised, 0),
    coalesce(candour.withdrawn, 0)
FROM accounts_client AS client
LEFT JOIN first_start ON first_start.client_id = client.id
LEFT JOIN first_check_in ON first_check_in.client_id = client.id
LEFT JOIN first_involvement ON first_involvement.client_id = client.id
LEFT JOIN candour ON candour.client_id = client.id
WHERE client.id = ANY(%(clients)s)
ORDER BY client.id
