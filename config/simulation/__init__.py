"""A market of invented firms that act through the real services, on a database that is thrown away."""
