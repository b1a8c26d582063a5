"""Who is asking at the REST door, and in which language the answer is wanted."""

from dataclasses import dataclass
from typing import Any

from allauth.idp.oidc.contrib.rest_framework.authentication import TokenAuthentication
from allauth.idp.oidc.models import Token
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views import View
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiClient, Enterprise, User
from accounts.permissions import HELD_ROLES, role_in
from accounts.queries import acting_client
from accounts.querysets import is_platform_admin
from accounts.services.clients import note_use
from api.throttling import tell_quota
from common.errors import Refused
from common.reasons import Reason


@dataclass(frozen=True)
class ActingClient:
    """A partner system with the scopes of the token that it showed."""

    client: ApiClient
    scopes: frozenset[str]

    @property
    def enterprise(self) -> Enterprise | None:
        """The enterprise that it acts for; None for a system of the platform or of somebody who runs parks."""
        return self.client.enterprise


class ClientTokenAuthentication(TokenAuthentication):
    """An access token of a partner system, made with its identity and secret (OAuth2 client credentials)."""

    def authenticate(self, request: Request) -> tuple[User, ActingClient] | None:
        """The person who made the system, and the system. 401 for a wrong or ended token, or one of an ended system."""
        if not get_authorization_header(request):
            return None
        found = super().authenticate(request)
        token = found[1] if found else None
        client = acting_client(token.client_id) if isinstance(token, Token) and token.client_id else None
        if token is None or client is None:
            raise AuthenticationFailed(_("This token is wrong, has expired or was revoked. Get a new one."))
        note_use(client=client)
        return client.owner, ActingClient(client, frozenset(token.get_scopes()))

    def authenticate_header(self, request: Request) -> str:
        """Says how to sign in; with it DRF answers 401 instead of 403."""
        return 'Bearer realm="api"'


class Answering(View):
    """Answers in the language that the request asks for (Accept-Language), Chinese where it asks for neither, and tells
    what is left of the quota.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Chooses the language first, so that refusals are written in it too; the middleware resets it afterwards."""
        translation.activate(get_language_from_request(request))
        super().setup(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """With the headers of the quota, also where the answer is a refusal."""
        door: Any = super()
        answer: Response = door.finalize_response(request, response, *args, **kwargs)
        tell_quota(request, answer)
        return answer


def enterprise_of(request: Request) -> Enterprise | None:
    """The enterprise that the asking system acts for; None for one that acts for no firm and for nobody."""
    return request.auth.enterprise if isinstance(request.auth, ActingClient) else None


def reader_of(request: Request) -> User | AnonymousUser:
    """Through whose eyes a system reads what belongs to no firm: a visitor's.

    One that somebody who runs parks made for no firm reads with that person's own.
    """
    acting = request.auth
    if not isinstance(acting, ActingClient) or acting.enterprise is not None or is_platform_admin(request.user):
        return AnonymousUser()
    return acting.client.owner


def actor_of(request: Request) -> User:
    """The person in whose name the system acts; 401 for nobody."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def firm_of(request: Request) -> Enterprise:
    """The firm that the system acts for. Refuses no_enterprise for one that acts for none."""
    enterprise = enterprise_of(request)
    if enterprise is None:
        raise Refused(Reason.REFUSAL_NO_ENTERPRISE)
    return enterprise


def reader_for(request: Request) -> User:
    """The person behind the system as a reader, holding their role in its own firm alone."""
    actor, enterprise = actor_of(request), firm_of(request)
    role = role_in(actor, enterprise)
    setattr(actor, HELD_ROLES, {enterprise.pk: role} if role else {})
    return actor
