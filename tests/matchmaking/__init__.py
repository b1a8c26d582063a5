"""Tests of the areas of matchmaking."""
