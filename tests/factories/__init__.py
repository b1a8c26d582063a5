"""Plain valid rows for tests, one module for each area."""
