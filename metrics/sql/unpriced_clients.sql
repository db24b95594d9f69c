-- DOMAIN.md, 4: existing clients whose currency has no exchange rate at the start of a quarter's window.
-- A name a row.
SELECT client.name
FROM metrics_clientquarter AS span
JOIN accounts_client AS client ON client.id = span.client_id
WHERE
    span.starts_on = %(starts_on)s
    AND CASE %(window)s WHEN 'year' THEN span.movement_year ELSE span.movement END
    IN ('expanding', 'flat', 'contracting', 'lost')
    AND client.currency <> %(reporting_currency)s
    AND NOT EXISTS (
        SELECT FROM accounts_exchangerate AS exchange
        WHERE
            exchange.currency = client.currency
            AND exchange.effective_on
            <= CASE %(window)s WHEN 'year' THEN span.year_starts_on ELSE span.starts_on END
    )
ORDER BY client.name, client.id
