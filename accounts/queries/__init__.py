"""What pages read from the records: frozen rows, of clients already narrowed by access."""
