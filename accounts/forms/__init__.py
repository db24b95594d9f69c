"""Forms by page: what people fill in, and what is wrong with it, said beside the field."""
