"""Template tags that only shape."""
