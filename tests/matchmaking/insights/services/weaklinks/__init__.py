"""Tests of the weak links."""
