"""Texts as an encoder reads them, and the mark that tells which encoder and which reading a vector comes from."""

from collections.abc import Sequence

from matchmaking.engine.encoding import TextEncoder, quantised
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import told_of

READING = "3"
"""Changes whenever texts are prepared for the encoder in another way: vectors of another reading are made anew."""


def version_of(encoder: TextEncoder) -> str:
    """What a vector is marked with beside the encoder's name: vectors of another version are never compared."""
    return f"{encoder.version}/{READING}"


def encoded(texts: Sequence[str], encoder: TextEncoder) -> list[bytes]:
    """A quantised vector of each text as people wrote it; b"" for a text without a word, and where nothing encodes."""
    plain = [told_of(normalised(text)).strip() for text in texts]
    vectors = iter(quantised(encoder.encode([text for text in plain if text])))
    return [next(vectors) if text else b"" for text in plain]
