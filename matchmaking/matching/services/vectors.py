"""Meaning of postings: texts encoded by the worker, kept with what they were made from, and put into the market."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.choices import Verb
from accounts.services.changes import record_change, unit_of_work
from matchmaking.engine.encoding import TextEncoder, encoder_named
from matchmaking.engine.text.meaning import encoded, version_of
from matchmaking.engine.types.rows import Taxonomy
from matchmaking.matching.models import PostingVector
from matchmaking.matching.services.rows import load_taxonomy, text_hash, text_of
from matchmaking.matching.services.snapshots import FEW_CHANGES, build_snapshot
from matchmaking.postings.models import Posting

BATCH = 32
"""Texts that are encoded and written together."""


def encode_postings(
    *, numbers: Collection[str] | None = None, force: bool = False, tell: Callable[[int, int], Any] | None = None
) -> int:
    """Encode live postings that the encoder in use has not read yet, all of them with ``force``; gives how many.

    ``numbers`` asks for these alone. A few are told to the market as numbered changes; after many the snapshot is built
    anew. ``tell`` hears how many of how many are done. Killed in the middle it goes on where it stopped, and a posting
    edited meanwhile is read again next time. Raises OSError when the snapshot cannot be written.
    """
    encoder = encoder_named(settings.MATCH_ENCODER)
    if not encoder.dimensions:
        return 0
    taxonomy, keys = load_taxonomy(), list(waiting(encoder, numbers=numbers, force=force).values_list("pk", flat=True))
    done = 0
    for batch in _batches(keys):
        done += _encode(batch, encoder, taxonomy, is_told=len(keys) <= FEW_CHANGES)
        if tell:
            tell(done, len(keys))
    if len(keys) > FEW_CHANGES:
        build_snapshot()
    return done


def waiting(encoder: TextEncoder, *, numbers: Collection[str] | None = None, force: bool = False) -> QuerySet[Posting]:
    """Live postings that ``encoder`` has not read since they last changed."""
    postings: QuerySet[Posting] = Posting.objects.live().order_by("pk")
    if numbers is not None:
        postings = postings.filter(number__in=numbers)
    if force:
        return postings
    return postings.exclude(
        vector__encoder=encoder.name, vector__version=version_of(encoder), vector__read_at__gte=F("changed_at")
    )


def _encode(keys: Sequence[int], encoder: TextEncoder, taxonomy: Taxonomy, *, is_told: bool) -> int:
    read_at = timezone.now()
    texts = {
        key: text_of(title, text)
        for key, title, text in Posting.objects.filter(pk__in=keys).values_list("pk", "title", "text")
    }
    vectors = [
        PostingVector(
            posting_id=key,
            text_hash=text_hash(text),
            encoder=encoder.name,
            version=version_of(encoder),
            vector=vector,
            read_at=read_at,
        )
        for (key, text), vector in zip(texts.items(), encoded(list(texts.values()), encoder, taxonomy), strict=True)
    ]
    return _keep(vectors=vectors, is_told=is_told)


@unit_of_work
def _keep(*, vectors: Sequence[PostingVector], is_told: bool) -> int:
    """Write ``vectors`` apart from the encoding, which takes long; postings that are gone meanwhile are left out."""
    postings = Posting.objects.only("pk", "number").in_bulk([vector.posting_id for vector in vectors])
    kept = [vector for vector in vectors if vector.posting_id in postings]
    PostingVector.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["posting"],
        update_fields=["text_hash", "encoder", "version", "vector", "read_at"],
    )
    for vector in kept if is_told else ():
        vector.posting = postings[vector.posting_id]
        record_change(thing=vector, verb=Verb.CHANGED, actor=None)
    return len(kept)


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(keys), BATCH):
        yield keys[first : first + BATCH]
