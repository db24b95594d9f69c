"""Pages and fragments on which people record; whatever shows a figure is in metrics."""
