-- DATA.md, candour.csv: clients with contested advice.
SELECT
    client.external_id,
    stored.contested,
    stored.defended,
    stored.compromised,
    stored.withdrawn,
    stored.defended_share
FROM metrics_clientcandour AS stored
JOIN accounts_client AS client ON client.id = stored.client_id
ORDER BY client.external_id
