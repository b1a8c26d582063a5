"""What firms do with a partnership: interest, answers, introductions, contact data, and the panel of suggestions."""
