"""Networks: lists of suppliers, their files, and what is read of them."""
