"""The administration in a client."""
