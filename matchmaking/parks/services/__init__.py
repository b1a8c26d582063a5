"""What changes rows of parks."""
