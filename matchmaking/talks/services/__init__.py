"""What changes talks."""
