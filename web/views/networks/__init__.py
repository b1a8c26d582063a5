"""Pages of a firm's list of suppliers and distributors."""
