"""Addresses of version 1."""
