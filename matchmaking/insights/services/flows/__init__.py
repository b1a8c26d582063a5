"""Who needs where and is supplied from where, counted so that no single firm can be told."""
