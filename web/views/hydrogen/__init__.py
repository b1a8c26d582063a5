"""Pages of the hydrogen corridor."""
