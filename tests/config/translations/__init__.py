"""Tests of collecting, checking and compiling our texts."""
