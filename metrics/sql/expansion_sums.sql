-- DOMAIN.md, 4 and 13: counts and sums over existing clients, by window and segment, from stored figures.
-- A row per quarter, window and segment with somebody existing. Money is added up in each currency
-- first, and converted at the rate in force at the window's start; a currency without one stays out.
WITH client AS (
    SELECT
        client.id,
        client.currency,
        'industry:' || nullif(client.industry, '') AS industry,
        'tier:' || nullif(client.value_tier, '') AS tier,
        'manager:' || lower(manager.email) AS manager
    FROM accounts_client AS client
    LEFT JOIN accounts_person AS manager ON manager.id = client.account_manager_id
),

client_span AS (
    SELECT
        *,
        movement IN ('expanding', 'flat', 'contracting', 'lost') AS existing,
        movement_year IN ('expanding', 'flat', 'contracting', 'lost') AS existing_year
    FROM metrics_clientquarter
    WHERE starts_on = ANY(%(quarters)s)
),

line_span AS (
    SELECT
        *,
        movement IN ('expanding', 'flat', 'contracting', 'lost') AS existing,
        movement_year IN ('expanding', 'flat', 'contracting', 'lost') AS existing_year
    FROM metrics_linequarter
    WHERE starts_on = ANY(%(quarters)s)
),

summed AS (
    SELECT
        span.starts_on,
        any_value(span.year_starts_on) AS year_starts_on,
        client.currency,
        -- What is not grouped by is null here, and so is what is blank, which is no segment.
        CASE grouping(client.industry, client.tier, client.manager)
            WHEN 7 THEN 'all'
            ELSE coalesce(client.industry, client.tier, client.manager)
        END AS segment,
        count(*) FILTER (WHERE span.existing) AS existing,
        count(*) FILTER (WHERE span.movement = 'expanding') AS expanding,
        count(*) FILTER (WHERE span.movement = 'flat') AS flat,
        count(*) FILTER (WHERE span.movement = 'contracting') AS contracting,
        count(*) FILTER (WHERE span.movement = 'lost') AS lost,
        count(*) FILTER (WHERE span.existing AND span.into_new) AS into_new,
        count(*) FILTER (WHERE span.existing AND span.stayed) AS stayed,
        sum(span.scope_start) FILTER (WHERE span.existing) AS scope_start,
        sum(span.scope_end) FILTER (WHERE span.existing) AS scope_end,
        sum(span.value_start) FILTER (WHERE span.existing) AS value_start,
        sum(span.value_end) FILTER (WHERE span.existing) AS value_end,
        sum(least(span.value_start, span.value_end)) FILTER (WHERE span.existing) AS value_kept,
        sum(span.growth_known) FILTER (WHERE span.existing) AS growth_known,
        sum(span.growth_pulled) FILTER (WHERE span.existing) AS growth_pulled,
        count(*) FILTER (WHERE span.existing_year) AS existing_year,
        count(*) FILTER (WHERE span.movement_year = 'expanding') AS expanding_year,
        count(*) FILTER (WHERE span.movement_year = 'flat') AS flat_year,
        count(*) FILTER (WHERE span.movement_year = 'contracting') AS contracting_year,
        count(*) FILTER (WHERE span.movement_year = 'lost') AS lost_year,
        count(*) FILTER (WHERE span.existing_year AND span.into_new_year) AS into_new_year,
        count(*) FILTER (WHERE span.existing_year AND span.stayed_year) AS stayed_year,
        sum(span.scope_year_start) FILTER (WHERE span.existing_year) AS scope_start_year,
        sum(span.scope_end) FILTER (WHERE span.existing_year) AS scope_end_year,
        sum(span.value_year_start) FILTER (WHERE span.existing_year) AS value_start_year,
        sum(span.value_end) FILTER (WHERE span.existing_year) AS value_end_year,
        sum(least(span.value_year_start, span.value_end)) FILTER (WHERE span.existing_year) AS value_kept_year,
        sum(span.growth_known_year) FILTER (WHERE span.existing_year) AS growth_known_year,
        sum(span.growth_pulled_year) FILTER (WHERE span.existing_year) AS growth_pulled_year
    FROM client_span AS span
    JOIN client ON client.id = span.client_id
    GROUP BY
        span.starts_on,
        client.currency,
        GROUPING SETS ((client.industry), (client.tier), (client.manager), ())
    UNION ALL
    SELECT
        span.starts_on,
        any_value(span.year_starts_on) AS year_starts_on,
        client.currency,
        'service:' || span.service_line,
        count(*) FILTER (WHERE span.existing) AS existing,
        count(*) FILTER (WHERE span.movement = 'expanding') AS expanding,
        count(*) FILTER (WHERE span.movement = 'flat') AS flat,
        count(*) FILTER (WHERE span.movement = 'contracting') AS contracting,
        count(*) FILTER (WHERE span.movement = 'lost') AS lost,
        0::bigint AS into_new,
        count(*) FILTER (WHERE span.existing AND span.stayed) AS stayed,
        sum(span.scope_start) FILTER (WHERE span.existing) AS scope_start,
        sum(span.scope_end) FILTER (WHERE span.existing) AS scope_end,
        sum(span.value_start) FILTER (WHERE span.existing) AS value_start,
        sum(span.value_end) FILTER (WHERE span.existing) AS value_end,
        sum(least(span.value_start, span.value_end)) FILTER (WHERE span.existing) AS value_kept,
        sum(span.growth_known) FILTER (WHERE span.existing) AS growth_known,
        sum(span.growth_pulled) FILTER (WHERE span.existing) AS growth_pulled,
        count(*) FILTER (WHERE span.existing_year) AS existing_year,
        count(*) FILTER (WHERE span.movement_year = 'expanding') AS expanding_year,
        count(*) FILTER (WHERE span.movement_year = 'flat') AS flat_year,
        count(*) FILTER (WHERE span.movement_year = 'contracting') AS contracting_year,
        count(*) FILTER (WHERE span.movement_year = 'lost') AS lost_year,
        0::bigint AS into_new_year,
        count(*) FILTER (WHERE span.existing_year AND span.stayed_year) AS stayed_year,
        sum(span.scope_year_start) FILTER (WHERE span.existing_year) AS scope_start_year,
        sum(span.scope_end) FILTER (WHERE span.existing_year) AS scope_end_year,
        sum(span.value_year_start) FILTER (WHERE span.existing_year) AS value_start_year,
        sum(span.value_end) FILTER (WHERE span.existing_year) AS value_end_year,
        sum(least(span.value_year_start, span.value_end)) FILTER (WHERE span.existing_year) AS value_kept_year,
        sum(span.growth_known_year) FILTER (WHERE span.existing_year) AS growth_known_year,
        sum(span.growth_pulled_year) FILTER (WHERE span.existing_year) AS growth_pulled_year
    FROM line_span AS span
    JOIN client ON client.id = span.client_id
    GROUP BY span.starts_on, client.currency, span.service_line
),

priced AS (
    SELECT
        summed.starts_on,
        summed.currency,
        summed.segment,
        span.*,
        CASE summed.currency WHEN %(reporting_currency)s THEN 1 ELSE exchange.rate END AS rate
    FROM summed
    CROSS JOIN LATERAL (
        VALUES
            (
                'quarter',
                summed.starts_on,
                summed.existing,
                summed.expanding,
                summed.flat,
                summed.contracting,
                summed.lost,
                summed.into_new,
                summed.stayed,
                summed.scope_start,
                summed.scope_end,
                summed.value_start,
                summed.value_end,
                summed.value_kept,
                summed.growth_known,
                summed.growth_pulled
            ),
            (
                'year',
                summed.year_starts_on,
                summed.existing_year,
                summed.expanding_year,
                summed.flat_year,
                summed.contracting_year,
                summed.lost_year,
                summed.into_new_year,
                summed.stayed_year,
                summed.scope_start_year,
                summed.scope_end_year,
                summed.value_start_year,
                summed.value_end_year,
                summed.value_kept_year,
                summed.growth_known_year,
                summed.growth_pulled_year
            )
    ) AS span (
        "window", opens_on, existing, expanding, flat, contracting, lost,
        into_new, stayed, scope_start, scope_end, value_start, value_end, value_kept, growth_known, growth_pulled
    )
    LEFT JOIN LATERAL (
        SELECT rate
        FROM accounts_exchangerate
        WHERE currency = summed.currency AND effective_on <= span.opens_on
        ORDER BY effective_on DESC
        LIMIT 1
    ) AS exchange ON true
    WHERE summed.segment IS NOT NULL AND span.existing > 0
)

SELECT
    starts_on,
    "window",
    segment,
    sum(existing)::int,
    sum(expanding)::int,
    sum(flat)::int,
    sum(contracting)::int,
    sum(lost)::int,
    sum(into_new)::int,
    sum(stayed)::int,
    coalesce(sum(scope_start * rate), 0),
    coalesce(sum(scope_end * rate), 0),
    coalesce(sum(value_start * rate), 0),
    coalesce(sum(value_end * rate), 0),
    coalesce(sum(value_kept * rate), 0),
    coalesce(sum(growth_known * rate), 0),
    coalesce(sum(growth_pulled * rate), 0),
    coalesce(sum(existing) FILTER (WHERE rate IS NULL), 0)::int
FROM priced
GROUP BY starts_on, "window", segment
