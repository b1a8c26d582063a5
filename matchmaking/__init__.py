"""The areas of matchmaking, from the engine up to insights."""
