"""Talks of two firms, their files, and questions on postings."""
