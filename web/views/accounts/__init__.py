"""Pages of people and enterprises, split by noun."""
