"""When mails come: chosen by topic, and stopped by the link that each of them carries."""

from collections.abc import Mapping

from django.core import signing

from accounts.choices import Pace, Topic, Verb, topic_of
from accounts.models import Notice, User
from accounts.permissions import can_change_person
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, Refused, require
from common.reasons import Reason

SALT = "mail.stop"


@unit_of_work
def choose_paces(*, person: User, actor: User, paces: Mapping[str, str]) -> User:
    """Have notices be mailed by ``paces``, topic to pace; topics that are not named stay as they are.

    What waits already for a topic follows the new choice. Refuses not_yours; Invalid for an unknown topic or pace.
    """
    require(can_change_person(actor, person))
    known = {topic: pace in Pace.values for topic, pace in paces.items() if topic in Topic.values}
    if len(known) < len(paces) or not all(known.values()):
        raise Invalid({"paces": Reason.REFUSAL_UNKNOWN_CODE})
    row: User = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    changed = {topic: pace for topic, pace in paces.items() if row.mail_paces.get(topic, Pace.AT_ONCE) != pace}
    if not changed:
        return row
    row.mail_paces = {**row.mail_paces, **changed}
    row.save(update_fields=["mail_paces"])
    waiting = Notice.objects.filter(reader=row, mailed_at=None, given_up_at=None).exclude(pace=Pace.NEVER)
    for kind in set(waiting.order_by().values_list("kind", flat=True)):
        if topic_of(kind) in changed:
            waiting.filter(kind=kind).update(pace=changed[topic_of(kind)])
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, facts={"mail_paces": dict(changed)})
    return row


def stop_token(person: User, what: Topic | Pace) -> str:
    """What a link carries that stops mails about one topic, or those of one pace, and nothing else; never expires."""
    return signing.Signer(salt=SALT).sign(f"{person.pk}:{what.value}")


def stop_of_token(token: str) -> tuple[User, str]:
    """Whose mails a link stops, and which: a topic or a pace. Refuses link_over for one that is not ours."""
    try:
        key, _, what = signing.Signer(salt=SALT).unsign(token).partition(":")
    except signing.BadSignature as error:
        raise Refused(Reason.REFUSAL_LINK_OVER) from error
    person = User.objects.filter(pk=int(key), is_active=True).first()
    if person is None or what not in (*Topic.values, *Pace.values):
        raise Refused(Reason.REFUSAL_LINK_OVER)
    return person, what


@unit_of_work
def stop_mails_by_link(*, token: str) -> str:
    """Mail no more of what the link names, a topic or all topics of a pace; gives what that was. Safe twice."""
    person, what = stop_of_token(token)
    topics = [what] if what in Topic.values else [topic for topic, pace in person.mail_paces.items() if pace == what]
    choose_paces(person=person, actor=person, paces=dict.fromkeys(topics, Pace.NEVER.value))
    return what
