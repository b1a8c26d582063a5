"""A need whose page of suggestions is full, for the benchmark: the demo's own needs have ten cards at most."""

from accounts.choices import Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.partnerships.services.panels import PAGE
from matchmaking.postings.models import Posting, PostingCertificate, PostingParameter, new_number

FULL = "benchmark-full-page"
"""The own number by which it is found again."""
LOOKED_AT = 100


def full_need(*, enterprise: Enterprise, actor: User, reader: User) -> Posting | None:
    """A need of ``enterprise`` with a full page of matches: it says what the newest such need of another firm says.

    Posted once; None where none of the newest hundred has so many. ``reader`` may read the suggestions of them all.
    """
    known = Posting.objects.filter(enterprise=enterprise, external_key=FULL).first()
    if known is not None:
        return known
    for source in Posting.objects.live().needs().exclude(enterprise=enterprise).order_by("-pk")[:LOOKED_AT]:
        if len(suggestions_for(posting=source, viewer=reader, limit=PAGE).matches) == PAGE:
            return _posted(source, enterprise, actor)
    return None


@unit_of_work
def _posted(source: Posting, enterprise: Enterprise, actor: User) -> Posting:
    papers, parameters = list(source.required_certificates.all()), list(source.parameters.all())
    need = source
    need.pk, need.number, need.enterprise, need.external_key, need.site = None, new_number(), enterprise, FULL, None
    need._state.adding = True
    need.save()
    for paper in papers:
        paper.pk, paper.posting = None, need
    for parameter in parameters:
        parameter.pk, parameter.posting = None, need
    PostingCertificate.objects.bulk_create(papers)
    PostingParameter.objects.bulk_create(parameters)
    record_change(thing=need, verb=Verb.PUBLISHED, actor=actor, enterprise=enterprise)
    return need
