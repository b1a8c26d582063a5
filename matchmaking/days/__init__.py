"""Matchmaking days: firms of both provinces meet at tables, by a plan that keeps the most of their wishes."""
