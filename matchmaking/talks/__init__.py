"""What two firms say and show each other: messages, files, confidentiality, and public questions."""
