"""Shape of the reference tables over time."""
