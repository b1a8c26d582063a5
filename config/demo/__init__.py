"""Sample data that shows the product at work, and as much of it as anybody wants for measuring."""
