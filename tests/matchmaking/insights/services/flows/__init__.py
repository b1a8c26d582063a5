"""Tests of the flows between regions."""
