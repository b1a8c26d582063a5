"""What changes in networks."""
