-- DATA.md, signals.csv.
SELECT indicator, cases, growers, clients, auc, low, high, verdict
FROM metrics_signal
ORDER BY indicator
