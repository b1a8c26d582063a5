"""Lists about the corridor."""
