"""Snapshot of the market, suggestions, dismissals and measurements, split by noun."""
