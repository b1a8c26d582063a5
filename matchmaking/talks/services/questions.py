"""Public questions about postings: asked without a name, answered by the poster."""

from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.notices import notify_members
from common.errors import Invalid, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.partnerships.services.moving import locked_postings
from matchmaking.postings.choices import Subject
from matchmaking.postings.models import Posting
from matchmaking.postings.services.contacts import has_contact
from matchmaking.postings.services.flags import people_named
from matchmaking.talks.models import Question
from matchmaking.talks.permissions import can_answer_question, can_ask_question

PAGE = "web:talks:questions"


@unit_of_work
def ask_question(*, posting: Posting, enterprise: Enterprise, actor: User, text: str) -> Question:
    """Ask about another firm's posting for ``enterprise``; the poster is told, not who asks.

    Refuses not_yours, suspended, own_posting, wrong_state, too_many_waiting; Invalid for a text that is empty, longer
    than 1,000 characters, or holds contact data.
    """
    # One firm asks one by one, so that no limit is passed at once.
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    row = locked_postings(posting.pk)[posting.pk]
    require(can_ask_question(actor, row, enterprise))
    question = Question(posting=row, enterprise=enterprise, asked_by=actor, text=_told("text", text, row))
    check_row(question)
    question.save()
    record_change(thing=question, verb=Verb.CREATED, actor=actor, enterprise=enterprise, facts={"posting": row.number})
    _tell(row.enterprise, NoticeKind.QUESTION_ASKED, question)
    return question


@unit_of_work
def answer_question(*, question: Question, actor: User, answer: str) -> Question:
    """Answer a question once; from here on all who may read the posting's text read both, and its asker is told.

    Refuses not_yours, suspended, already_there; Invalid as for a question.
    """
    rows = Question.objects.select_for_update(of=("self",), no_key=True).select_related(
        "posting__enterprise", "enterprise"
    )
    row = rows.get(pk=question.pk)
    require(can_answer_question(actor, row))
    row.answer, row.answered_by, row.answered_at = _told("answer", answer, row.posting), actor, timezone.now()
    check_row(row)
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    own = row.posting.enterprise
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=own, facts={"posting": row.posting.number})
    _tell(row.enterprise, NoticeKind.QUESTION_ANSWERED, row)
    return row


def _told(field: str, text: str, posting: Posting) -> str:
    plain = normalise_text(text)
    if not plain:
        raise Invalid({field: Reason.REFUSAL_REQUIRED})
    if has_contact(plain):
        raise Invalid({field: Reason.REFUSAL_CONTACT_IN_TEXT})
    if posting.subject == Subject.TALENT and people_named(plain):
        raise Invalid({field: Reason.REFUSAL_PERSON_IN_TEXT})
    return plain


def _tell(firm: Enterprise, kind: NoticeKind, question: Question) -> None:
    posting = question.posting
    notify_members(
        enterprise=firm,
        kind=kind,
        key=question.key,
        route=PAGE,
        thing_key=posting.number,
        facts={"title": posting.title},
    )
