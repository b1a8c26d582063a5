"""The coordinator's desk: cases, meetings, pairs suggested by hand."""
