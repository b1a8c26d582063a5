"""Tests of the commands of the reference area."""
