"""What pages and services read of postings."""
