"""Commands of matchmaking days."""
