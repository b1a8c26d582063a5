"""Lists and pages of the desk."""
