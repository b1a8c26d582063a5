"""What coordinators and firms do about matchmaking days."""
