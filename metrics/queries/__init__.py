"""A page's rows, as frozen dataclasses, read from stored figures and records; nothing is computed here."""
