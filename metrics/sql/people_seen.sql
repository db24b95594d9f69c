-- DOMAIN.md, 7 (ownership): how many of the client's contacts and of our people were seen in check-ins
-- in the 182 days to a quarter's end. A row per client and quarter in which anyone was.
WITH check_in AS (
    SELECT id, held_on
    FROM accounts_checkin
    WHERE client_id = ANY(%(clients)s)
),

seen AS (
    SELECT seen.client_id, true AS theirs, seen.contact_id AS who, check_in.held_on
    FROM accounts_checkincontact AS seen
    JOIN check_in ON check_in.id = seen.check_in_id
    WHERE seen.client_id = ANY(%(clients)s)
    UNION ALL
    SELECT seen.client_id, false, seen.person_id, check_in.held_on
    FROM accounts_checkinperson AS seen
    JOIN check_in ON check_in.id = seen.check_in_id
    WHERE seen.client_id = ANY(%(clients)s)
),

sighting AS (
    SELECT
        client_id,
        theirs,
        who,
        width_bucket(held_on, %(ends)s::date[]) AS first_quarter,
        width_bucket(held_on + 182, %(ends)s::date[]) - 1 AS last_quarter
    FROM seen
    -- Without this the quarters would be looked up again for each candidate below.
    OFFSET 0
),

counted AS (
    SELECT DISTINCT
        sighting.client_id, sighting.theirs, sighting.who, sighting.first_quarter + later.by AS quarter
    FROM sighting
    -- No 182 days hold more than three quarter ends.
    JOIN (VALUES (0), (1), (2)) AS later (by) ON sighting.first_quarter + later.by <= sighting.last_quarter
)

SELECT
    client_id, quarter, count(*) FILTER (WHERE theirs), count(*) FILTER (WHERE NOT theirs)
FROM counted
GROUP BY client_id, quarter
