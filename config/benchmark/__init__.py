"""What pages cost, measured against the smallest pages that show as many rows."""
