"""Tests of the commands that span areas."""
