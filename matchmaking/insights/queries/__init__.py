"""Figures about the platform as it stands, and the ledger of what others published."""
