"""Pages of matchmaking days."""
