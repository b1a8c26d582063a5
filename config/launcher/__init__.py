"""What runs before any package is installed, on the standard library alone: environment, start, check, verification."""
