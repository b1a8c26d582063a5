"""What changes postings and their parts, split by noun."""
