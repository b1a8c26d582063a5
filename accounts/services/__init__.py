"""What changes rows of accounts."""
