"""Commands that span areas."""
