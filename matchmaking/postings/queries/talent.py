"""Talent: what a posting of people says of them without naming anybody, and postings narrowed by that."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from matchmaking.postings.choices import ExchangeMode, Operator, Subject
from matchmaking.postings.models import Posting, PostingParameter
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import Parameter, Recognition
from reference.queries.recognitions import recognitions_now

MODE = "exchange_mode"
"""The parameter that tells the mode of exchange; its levels are those of ``ExchangeMode``."""


@dataclass(frozen=True)
class Paper:
    """A paper that is asked for or held, with the rule by which it counts on both sides; None means: check."""

    parameter: Parameter
    operator: Operator
    level: str
    is_must: bool
    recognition: Recognition | None


@dataclass(frozen=True)
class Profile:
    """What everybody may read of the people in a posting: how they are exchanged and which papers they hold."""

    mode: ExchangeMode | None = None
    papers: tuple[Paper, ...] = ()


def talent_postings(rows: PostingQuerySet, *, mode: str = "", paper: str = "", chain: str = "") -> PostingQuerySet:
    """Those of ``rows`` that are about people, of this mode, with this kind of paper, for this chain.

    A posting is for the chain of its node and of each further node.
    """
    rows = rows.filter(subject=Subject.TALENT)
    if mode:
        rows = rows.filter(pk__in=profile_parts().filter(parameter__code=MODE, level=mode).values("posting"))
    if paper:
        held = profile_parts().filter(parameter__code=paper).exclude(parameter__paper_kind="")
        rows = rows.filter(pk__in=held.values("posting"))
    if chain:
        further = Posting.further_nodes.through.objects.filter(chainnode__chain__code=chain).values("posting")
        rows = rows.filter(Q(node__chain__code=chain) | Q(pk__in=further))
    return rows


def profile_parts() -> QuerySet[PostingParameter]:
    """Parameters of talent that everybody may read: they tell a kind of person, none in particular."""
    told = Q(parameter__code=MODE) | ~Q(parameter__paper_kind="")
    return PostingParameter.objects.filter(told, posting__subject=Subject.TALENT)


def profiles_of(postings: Iterable[Posting]) -> dict[int, Profile]:
    """The profile of each posting by its row number, in one query; none for what is not about people."""
    keys = [posting.pk for posting in postings if posting.subject == Subject.TALENT]
    parts = profile_parts().filter(posting__in=keys).select_related("parameter").order_by("parameter__position")
    rules = recognitions_now()
    modes: dict[int, ExchangeMode] = {}
    papers: dict[int, list[Paper]] = {}
    for part in parts if keys else ():
        code = part.parameter.code
        if code == MODE:
            modes |= {part.posting_id: ExchangeMode(part.level)} if part.level in ExchangeMode.values else {}
        else:
            paper = Paper(part.parameter, Operator(part.operator), part.level, part.is_must, rules.get(code))
            papers.setdefault(part.posting_id, []).append(paper)
    return {key: Profile(modes.get(key), tuple(papers.get(key, ()))) for key in keys}
