"""Needs and capacities that firms post."""
