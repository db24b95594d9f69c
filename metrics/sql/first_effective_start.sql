-- DOMAIN.md, 13: the earliest effective start of any client, which the calendar begins with. One row, or none.
SELECT change.effective_on
FROM accounts_scopechange AS change
WHERE
    change.kind = 'start'
    AND change.reverses_id IS NULL
    AND NOT EXISTS (
        SELECT FROM accounts_scopechange AS reversal WHERE reversal.reverses_id = change.id
    )
ORDER BY change.effective_on
LIMIT 1
