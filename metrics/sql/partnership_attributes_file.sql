-- DATA.md, partnership_attributes.csv: the sources and scores of all attributes, in the order of ATTRIBUTES.
-- A row per client and quarter with scope at either end.
SELECT
    client.external_id,
    stored.quarter,
    stored.client_pulse,
    stored.agency_pulse,
    stored.evidence,
    stored.score
FROM metrics_clientquarter AS stored
JOIN accounts_client AS client ON client.id = stored.client_id
WHERE stored.listed
ORDER BY client.external_id, stored.quarter
