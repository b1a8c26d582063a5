"""Rankings of counterparts, what was suggested and what was dismissed."""
