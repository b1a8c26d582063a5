"""Pages of lists of suppliers."""
