"""Forms of accounts, split by noun."""
