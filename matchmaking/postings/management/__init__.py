"""Commands of postings."""
