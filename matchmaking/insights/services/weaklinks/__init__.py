"""Weak links of the chains: counted from what is public, kept in one row a node and place."""
