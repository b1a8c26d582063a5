"""Rematches of the whole market."""
