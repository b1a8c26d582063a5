"""What is read of networks."""
