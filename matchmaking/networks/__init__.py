"""Leading firms' networks: whom a firm lists as its suppliers and distributors, what hangs on whom, second sources."""
