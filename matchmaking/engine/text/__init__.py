"""Text relevance in whole numbers: words, identifiers, concepts and meaning, and how they are blended."""
