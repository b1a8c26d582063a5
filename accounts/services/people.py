"""What a person keeps about themselves."""

from accounts.choices import Verb
from accounts.models import LANGUAGES, User
from accounts.permissions import can_change_person
from accounts.services.changes import record_change, unit_of_work
from accounts.services.names import clean_name
from common.errors import Invalid, require
from common.reasons import Reason


@unit_of_work
def keep_language(*, person: User, actor: User, language: str) -> User:
    """Remember in which language ``person`` reads pages and mail; Invalid for one that we do not speak."""
    require(can_change_person(actor, person))
    if language not in dict(LANGUAGES):
        raise Invalid({"language": Reason.REFUSAL_UNKNOWN_CODE}, {"language": {"code": language}})
    if person.language != language:
        person.language = language
        User.objects.filter(pk=person.pk).update(language=language)
        record_change(thing=person, verb=Verb.CHANGED, actor=actor, facts={"fields": ["language"]})
    return person


@unit_of_work
def rename_person(*, person: User, actor: User, name: str) -> User:
    """Change the name under which colleagues and introduced firms know ``person``; Invalid when empty or too long."""
    require(can_change_person(actor, person))
    plain = clean_name(name, "name")
    longest = User._meta.get_field("name").max_length or 0
    if not plain:
        raise Invalid({"name": Reason.REFUSAL_REQUIRED})
    if len(plain) > longest:
        raise Invalid({"name": Reason.REFUSAL_TOO_LONG}, {"name": {"limit": longest}})
    person.name = plain
    User.objects.filter(pk=person.pk).update(name=plain)
    record_change(thing=person, verb=Verb.CHANGED, actor=actor, facts={"fields": ["name"]})
    return person
