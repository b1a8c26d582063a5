"""Parks for readers: the list, what is open in and around a park, and the figures of its quarters."""
