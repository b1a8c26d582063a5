"""Tests of matching: snapshot, suggestions, dismissals, commands."""
