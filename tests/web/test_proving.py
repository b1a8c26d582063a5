"""A password proves who signs and is left as it is: one that were hashed anew would end the session."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from common.errors import Refused
from common.reasons import Reason
from tests.factories.accounts import PASSWORD, UserFactory
from web.access import proven

pytestmark = pytest.mark.django_db


def test_a_hash_of_another_strength_is_compared_and_kept(rf):
    user = UserFactory()
    user.password = Argon2PasswordHasher().encode(PASSWORD, "saltofsample")
    user.save()
    request, before = rf.post("/"), user.get_session_auth_hash()
    request.user = user

    proven(request, PASSWORD)
    with pytest.raises(Refused) as refusal:
        proven(request, f"{PASSWORD}x")

    user.refresh_from_db()
    assert (user.get_session_auth_hash(), refusal.value.reason) == (before, Reason.REFUSAL_WRONG_SECRET)
