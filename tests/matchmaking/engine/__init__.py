"""Tests of the engine: pure arithmetic, no database."""
