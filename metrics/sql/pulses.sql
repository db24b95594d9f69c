-- DOMAIN.md, 7 and 13: what each respondent last answered in the 182 days to a quarter's end, added up.
-- A row per client, quarter, side and whether it was confidential. A response is a respondent's
-- latest at every quarter end after it, up to the next response and for 182 days.
WITH latest AS (
    SELECT
        client_id,
        side = 'client' AS theirs,
        confidential IS TRUE AS confidential,
        width_bucket(answered_on, %(ends)s::date[]) AS first_quarter,
        width_bucket(
            least(
                answered_on + 182,
                lead(answered_on) OVER (
                    PARTITION BY client_id, respondent, side ORDER BY answered_on, external_id
                )
            ),
            %(ends)s::date[]
        ) - 1 AS last_quarter,
        commitment,
        approach,
        action,
        loyalty,
        trust,
        ownership,
        value,
        involvement,
        communication,
        collaboration,
        num_nonnulls(reduces_risk, improves_decisions, supports_direction) AS statements,
        coalesce(reduces_risk, 0)
        + coalesce(improves_decisions, 0)
        + coalesce(supports_direction, 0) AS agreed
    FROM accounts_pulse
    WHERE client_id = ANY(%(clients)s)
)

SELECT
    latest.client_id,
    latest.first_quarter + later.by AS quarter,
    latest.theirs,
    latest.confidential,
    count(latest.commitment),
    count(latest.approach),
    count(latest.action),
    count(latest.loyalty),
    count(latest.trust),
    count(latest.ownership),
    count(latest.value),
    count(latest.involvement),
    count(latest.communication),
    count(latest.collaboration),
    coalesce(sum(latest.commitment), 0),
    coalesce(sum(latest.approach), 0),
    coalesce(sum(latest.action), 0),
    coalesce(sum(latest.loyalty), 0),
    coalesce(sum(latest.trust), 0),
    coalesce(sum(latest.ownership), 0),
    coalesce(sum(latest.value), 0),
    coalesce(sum(latest.involvement), 0),
    coalesce(sum(latest.communication), 0),
    coalesce(sum(latest.collaboration), 0),
    count(*) FILTER (WHERE latest.statements = 1),
    count(*) FILTER (WHERE latest.statements = 2),
    count(*) FILTER (WHERE latest.statements = 3),
    coalesce(sum(latest.agreed) FILTER (WHERE latest.statements = 1), 0),
    coalesce(sum(latest.agreed) FILTER (WHERE latest.statements = 2), 0),
    coalesce(sum(latest.agreed) FILTER (WHERE latest.statements = 3), 0)
FROM latest
-- No 182 days hold more than three quarter ends.
JOIN (VALUES (0), (1), (2)) AS later (by) ON latest.first_quarter + later.by <= latest.last_quarter
GROUP BY latest.client_id, quarter, latest.theirs, latest.confidential
