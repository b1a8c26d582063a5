"""Texts as they are read and compared."""
