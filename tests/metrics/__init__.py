"""Of metrics: the figures, and the pages that show them."""
