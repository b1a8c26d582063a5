"""Matchmaking days: what may be done, what is told to whom, and what never is."""
