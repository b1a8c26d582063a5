"""What is read of consortia."""
