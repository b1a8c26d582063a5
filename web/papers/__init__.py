"""What a page hands out as a file: papers as PDF, days as calendars, and the headers that go with a file."""
