"""Tests of the hydrogen corridor."""
