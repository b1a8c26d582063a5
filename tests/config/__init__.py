"""Tests of the switchboard: launcher, translations, settings."""
