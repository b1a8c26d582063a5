"""Acts on the corridor."""
