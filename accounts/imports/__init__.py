"""Files that people of the administration bring and take away: read, checked row by row, written by services."""
