"""Accounts in the administration, and what that of every area is built on."""
