"""Tests of the commands of matching."""
