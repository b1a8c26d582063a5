"""Commands of the reference area."""
