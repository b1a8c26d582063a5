"""Tests of the services of insights."""
