"""What the login library asks of us: languages, where to go after signing in, and how secrets are kept."""

import base64
import hashlib
from datetime import date
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import override

from accounts.models import CoordinatorGrant, User
from accounts.queries import COORDINATES
from accounts.services.mailing import sender_address

SECRET_LETTERS = 48


@lru_cache(maxsize=2)
def coordinates_on(day: date) -> Exists:
    """That a user holds a right to coordinate on ``day``; put together once a day, for each request asks for it."""
    return Exists(CoordinatorGrant.objects.in_force(day).filter(user=OuterRef("pk")))


class SignInByAddress(AuthenticationBackend):
    """Signs in by mail address, and reads with each session's user whether they coordinate."""

    def get_user(self, user_id: int) -> User | None:
        """The active user of a session, None where there is none."""
        rows = User.objects.annotate(**{COORDINATES: coordinates_on(timezone.localdate())})
        user: User | None = rows.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """None: rights come from rows of ours (ADR 0071), and looking for Django's would cost queries on each page."""
        return set()


class AccountAdapter(DefaultAccountAdapter):
    """Pages after signing in and mails come in the language that the person keeps."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The workbench, under the prefix of the person's own language."""
        with override(request.user.language if isinstance(request.user, User) else None):
            return str(resolve_url(settings.LOGIN_REDIRECT_URL))

    def get_from_email(self) -> str:
        """The sender, by the name that readers of the mail's language know."""
        return sender_address()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail in the language of the account with this address; a stranger's in that of the page."""
        person = context.get("user") or User.objects.filter(email__iexact=email).first()
        if isinstance(person, User):
            with override(person.language):
                super().send_mail(template_prefix, email, context)
        else:
            super().send_mail(template_prefix, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted with a key made from the secret key of the installation."""

    def encrypt(self, text: str) -> str:
        """``text`` as it lies in the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret behind what lies in the database."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


class PartnerAdapter(DefaultOIDCAdapter):
    """Makes what a partner system signs in with."""

    def generate_client_secret(self) -> str:
        """Letters and digits alone, some 285 bits: no shell, address or header reads a sign of it as its own."""
        return get_random_string(SECRET_LETTERS)


def _cipher() -> Fernet:
    digest = hashlib.sha256(f"accounts.second_factor:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
