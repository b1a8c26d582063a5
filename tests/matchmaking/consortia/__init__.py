"""Tests of sets of suppliers."""
