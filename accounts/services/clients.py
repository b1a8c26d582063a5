"""Partner systems that ask the REST door for an enterprise: made, used and revoked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client
from django.utils import timezone

from accounts.choices import ApiScope, Verb
from accounts.models import ApiClient, Enterprise, User
from accounts.permissions import can_manage_clients, can_revoke_client
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from common.errors import Invalid, Refused, require
from common.reasons import Reason

MOST_CLIENTS = 10
"""Partner systems in force that one enterprise may have, or one person for no enterprise."""

FIRM_SCOPES = {
    ApiScope.POSTINGS_WRITE.value,
    ApiScope.SUGGESTIONS_READ.value,
    ApiScope.MESSAGES_READ.value,
    ApiScope.MESSAGES_WRITE.value,
    ApiScope.FILES_READ.value,
    ApiScope.FILES_WRITE.value,
    ApiScope.PARTNERSHIPS_READ.value,
    ApiScope.PARTNERSHIPS_WRITE.value,
    ApiScope.PACKAGES_READ.value,
    ApiScope.PACKAGES_WRITE.value,
    ApiScope.CONSORTIA_READ.value,
    ApiScope.CONSORTIA_WRITE.value,
    ApiScope.OVERFLOWS_READ.value,
    ApiScope.OVERFLOWS_WRITE.value,
    ApiScope.NETWORK_READ.value,
    ApiScope.NETWORK_WRITE.value,
    ApiScope.DAYS_READ.value,
    ApiScope.DAYS_WRITE.value,
    ApiScope.CONTACTS_READ.value,
}
"""What has no meaning without an enterprise."""


@dataclass(frozen=True)
class NewClient:
    """A partner system just made; the secret is shown this once and kept as a hash only."""

    client: ApiClient
    secret: str


@unit_of_work
def create_client(
    *, enterprise: Enterprise | None, name: str, scopes: Iterable[str], actor: User, expires_on: date | None = None
) -> NewClient:
    """Let a partner system act for ``enterprise`` within ``scopes`` until ``expires_on`` (included).

    It never may more than the actor. One that acts for no firm (``enterprise`` None) writes nothing: the platform's
    reads what a visitor reads, that of somebody who runs parks also the drafts of these.

    Refuses not_yours, suspended and limit_reached; Invalid for unknown scopes.
    """
    require(can_manage_clients(actor, enterprise))
    wanted = sorted(set(scopes))
    known = set(ApiScope.values) if enterprise else set(ApiScope.values) - FIRM_SCOPES
    if not wanted or not known.issuperset(wanted):
        raise Invalid({"scopes": Reason.REFUSAL_REQUIRED if not wanted else Reason.REFUSAL_UNKNOWN_CODE})
    if expires_on is not None and expires_on < timezone.localdate():
        raise Invalid({"expires_on": Reason.REFUSAL_WINDOW_PAST})
    others = ApiClient.objects.filter(enterprise=enterprise, revoked_at=None)
    if (others if enterprise else others.filter(owner=actor)).count() >= MOST_CLIENTS:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_CLIENTS)
    adapter = get_adapter()
    secret, identity = adapter.generate_client_secret(), adapter.generate_client_id()
    client = ApiClient(enterprise=enterprise, owner=actor, name=name.strip(), client_id=identity, expires_on=expires_on)
    check_row(client)
    # Left out, the secret would be made up and hashed for nothing, which takes as long as all the rest.
    provided = Client(id=identity, secret="", name=client.name[:100], owner=actor, skip_consent=True)
    provided.set_secret(secret)
    provided.set_scopes(wanted)
    provided.set_default_scopes(wanted)
    provided.set_grant_types([Client.GrantType.CLIENT_CREDENTIALS])
    provided.set_response_types([])
    provided.full_clean(exclude=["response_types"])
    provided.save()
    client.save()
    record_change(
        thing=client,
        verb=Verb.CREATED,
        actor=actor,
        enterprise=enterprise,
        facts={"scopes": wanted, "name": client.name},
    )
    return NewClient(client, secret)


@unit_of_work
def revoke_client(*, client: ApiClient, actor: User) -> ApiClient:
    """End a partner system: its tokens die at once. Refuses not_yours. Revoking twice changes nothing."""
    require(can_revoke_client(actor, client))
    if client.revoked_at is not None:
        return client
    client.revoked_at = timezone.now()
    client.save(update_fields=["revoked_at", "changed_at"])
    Client.objects.filter(pk=client.client_id).delete()
    record_change(thing=client, verb=Verb.REVOKED, actor=actor, enterprise=client.enterprise)
    return client


def note_use(*, client: ApiClient) -> None:
    """Keep the day on which a partner system last asked; written once a day."""
    today = timezone.localdate()
    if client.last_used_on != today:
        ApiClient.objects.filter(pk=client.pk).update(last_used_on=today)
