-- DATA.md, client_quarters.csv: clients and quarters with scope at either end.
SELECT
    client.external_id,
    stored.quarter,
    stored.in_progress,
    stored.scope_start,
    stored.scope_end,
    stored.value_start,
    stored.value_end,
    stored.movement,
    stored.kpi_readings,
    stored.kpi_met,
    stored.attainment,
    stored.swing,
    stored.pattern,
    stored.partnership_score,
    stored.coverage,
    stored.confidence,
    stored.trust_signs
FROM metrics_clientquarter AS stored
JOIN accounts_client AS client ON client.id = stored.client_id
WHERE stored.listed
ORDER BY client.external_id, stored.quarter
