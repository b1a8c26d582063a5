"""Exact ranking on plain values and arrays."""
