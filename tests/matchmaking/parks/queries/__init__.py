"""Reading parks."""
