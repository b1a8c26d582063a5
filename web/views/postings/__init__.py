"""Pages of postings: lists, one posting, the form, acts, and the node picker."""
