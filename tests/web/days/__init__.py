"""Matchmaking days on their pages."""
