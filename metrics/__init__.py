"""Everything that is computed from the records, and the pages that show it."""
