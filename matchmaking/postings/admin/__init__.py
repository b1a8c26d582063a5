"""Postings in the administration, and the queue of everything that waits for a moderator."""
