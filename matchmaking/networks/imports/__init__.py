"""A firm's list of suppliers as a table, brought in and taken away."""
