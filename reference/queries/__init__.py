"""What other areas read from reference data, split by noun."""
