"""Journeys of users in a real browser."""
