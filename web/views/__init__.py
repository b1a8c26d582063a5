"""One module of views for each area."""
