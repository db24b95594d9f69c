"""Rows in, Plotly figures out."""
