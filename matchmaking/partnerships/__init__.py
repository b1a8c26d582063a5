"""From interest to a confirmed outcome."""
