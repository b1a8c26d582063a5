"""Parks in the administration."""
