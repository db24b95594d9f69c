"""Records in and out: what each file holds, reading it, loading it, writing it."""
