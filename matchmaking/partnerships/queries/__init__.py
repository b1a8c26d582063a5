"""Partnerships as they are read: by their sides, and what belongs to a deal."""
