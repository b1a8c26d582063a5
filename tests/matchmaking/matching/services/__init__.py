"""Tests of the services of matching."""
