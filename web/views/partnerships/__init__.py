"""Partnerships: the list, one of them, and each act on it."""
