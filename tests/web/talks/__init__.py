"""Tests of the pages of talks."""
