"""Tests of what runs before any package is installed."""
