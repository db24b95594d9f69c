"""The definitions of DOMAIN.md, a function each: facts in, figures out; no framework, clock or database.

Every figure is right to the last printed digit, as if computed with fractions: `exact` says how.
`client.client_figures` answers for one client, `expansion.rate_figures` for one window and segment,
`signal.signal_figures` for one indicator. None always means: cannot be known.
"""
