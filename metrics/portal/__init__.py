"""A client's own pages: what it was opened, and nothing else. Imports no page of the staff's."""
