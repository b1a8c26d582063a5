"""Words of live postings that no term explains: collected at night, placed or ignored by administrators."""

from collections import defaultdict
from typing import Any

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.permissions import can_write_reference
from accounts.services.changes import record_change, unit_of_work
from accounts.services.reference import write_reference_row
from common.errors import Invalid, require
from common.reasons import Reason
from matchmaking.engine.text.unknown import unexplained, words_explained
from matchmaking.matching.choices import WordState
from matchmaking.matching.models import UnplacedWord
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from reference.choices import Facet
from reference.models import ChainNode, GlossaryTerm
from reference.queries.tables import known_words

LEAST_FIRMS = 3
"""Firms that use a word before it is shown: what one or two say may be theirs alone."""


@unit_of_work
def collect_unplaced_words() -> int:
    """Count anew the words without a term that live postings of LEAST_FIRMS firms use; gives how many wait.

    What was decided stays decided; a waiting word leaves once a term explains it or too few firms use it.
    """
    explained = words_explained(known_words())
    firms: dict[str, set[int]] = defaultdict(set)
    postings: dict[str, int] = defaultdict(int)
    samples: dict[str, int] = {}
    live = Posting.objects.filter(status=Status.PUBLISHED).order_by("pk")
    for key, enterprise, title, text in live.values_list("pk", "enterprise", "title", "text").iterator(chunk_size=5000):
        for word in unexplained(f"{title} {text}", explained):
            firms[word].add(enterprise)
            postings[word] += 1
            samples[word] = key
    now = timezone.now()
    counted = [
        UnplacedWord(word=word, firms=len(by), postings=postings[word], sample_id=samples[word], changed_at=now)
        for word, by in sorted(firms.items())
        if len(by) >= LEAST_FIRMS
    ]
    UnplacedWord.objects.filter(state=WordState.WAITING).exclude(word__in=[row.word for row in counted]).delete()
    UnplacedWord.objects.bulk_create(
        counted,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["firms", "postings", "sample", "changed_at"],
        batch_size=500,
    )
    return UnplacedWord.objects.filter(state=WordState.WAITING).count()


@unit_of_work
def place_word(
    *,
    row: UnplacedWord,
    actor: User,
    term: GlossaryTerm | None = None,
    node: ChainNode | None = None,
    translation: str = "",
    facet: str = Facet.PART,
) -> GlossaryTerm:
    """Make the word another name of ``term``, or a term of its own at ``node`` with its ``translation``.

    Refuses not_yours; Invalid where neither a term nor a node with a translation is named.
    """
    require(can_write_reference(actor, row))
    in_chinese = not row.word.isascii()
    if term is not None:
        column = "aliases_zh" if in_chinese else "aliases_en"
        values: dict[str, Any] = {column: list(dict.fromkeys([*getattr(term, column), row.word]))}
        placed = write_reference_row(row=term, values=values, actor=actor)
    elif node is not None and translation.strip():
        pair = (row.word, translation.strip()) if in_chinese else (translation.strip(), row.word)
        values = {"term_zh": pair[0], "term_en": pair[1], "facet": facet, "chain": node.chain, "node": node}
        placed = write_reference_row(row=GlossaryTerm(), values=values, actor=actor)
    else:
        raise Invalid({"term": Reason.REFUSAL_REQUIRED})
    decide_word(row=row, state=WordState.PLACED, term=placed, actor=actor)
    return placed


@unit_of_work
def ignore_word(*, row: UnplacedWord, actor: User) -> None:
    """Say that the word is no term: it is not shown again. Refuses not_yours."""
    require(can_write_reference(actor, row))
    decide_word(row=row, state=WordState.IGNORED, term=None, actor=actor)


def decide_word(*, row: UnplacedWord, state: WordState, term: GlossaryTerm | None, actor: User) -> None:
    """Write the decision down."""
    row.state, row.term, row.decided_by = state, term, actor
    row.full_clean()
    row.save()
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, facts={"word": row.word, "state": state.value})
