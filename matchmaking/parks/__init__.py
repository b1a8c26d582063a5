"""Demonstration parks, their partnerships, projects and indicators."""
