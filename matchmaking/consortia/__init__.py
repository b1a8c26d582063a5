"""Suppliers that carry one need together, each by a partnership of its own."""
