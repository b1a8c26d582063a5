"""Rows to columns, and columns to factors and verdicts."""
