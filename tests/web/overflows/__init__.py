"""Tests of the pages of sets of suppliers."""
