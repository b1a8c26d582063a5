"""Words for a ranking: why a pair fits, what it lacks, and what change would lift it."""
