"""Users, enterprises and their members, notices and the numbered record of changes."""
