"""Pages of the coordinator's desk."""
