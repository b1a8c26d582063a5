"""Tests of the services of parks."""
