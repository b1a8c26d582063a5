"""What coordinators and firms do at the desk."""
