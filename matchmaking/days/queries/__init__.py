"""Lists and pages of matchmaking days."""
