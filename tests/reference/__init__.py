"""Tests of the reference area."""
