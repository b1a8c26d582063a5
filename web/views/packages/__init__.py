"""Pages of packages: several needs that are quoted and awarded line by line."""
