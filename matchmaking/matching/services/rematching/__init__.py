"""The whole market asked again: planned as jobs, carried out by any number of workers, its news told once."""
