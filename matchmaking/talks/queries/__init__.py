"""What is read of talks."""
