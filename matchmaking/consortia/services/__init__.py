"""What changes consortia."""
