"""Tests of what other areas read from reference data."""
