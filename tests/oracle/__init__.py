"""Figures again, the slow plain way: every figure recomputed from the records by the book."""
