"""The page for the same act too often: when it goes again, as a header and in words, with what was typed."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import UserFactory, sample_uscc
from web.rates import ACTIONS

pytestmark = pytest.mark.django_db
CODE = sample_uscc(7_300_000)
JOIN = "/en/enterprises/join/"
SIGN_UP = {"email": "a@example.cn", "password1": "long-secret-7", "password2": "long-secret-7"}


@pytest.fixture
def clock(monkeypatch):
    """Seconds that stand still until a test moves them."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def test_the_page_says_when_and_sends_again_what_was_typed(signed_in, settings):
    settings.ACCOUNT_RATE_LIMITS = {"join_enterprise": "2/d/user"}
    client = signed_in(UserFactory())

    answers = [client.post(JOIN, {"uscc": CODE}) for _ in range(3)]

    page = answers[2].content.decode()
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert 86_390 <= int(answers[2].headers["Retry-After"]) <= 86_400
    assert (timezone.localdate() + timedelta(days=1)).isoformat() in page
    assert ('class="app-bar"' in page, f'name="uscc" value="{CODE}"' in page) == (True, True)


def test_after_the_wait_it_goes_through_and_not_a_second_before(signed_in, settings, clock):
    settings.ACCOUNT_RATE_LIMITS = {"join_enterprise": "1/m/user"}
    client, answers = signed_in(UserFactory()), []
    for seconds in (0, 20, 39, 1):
        clock[0] += seconds
        answers.append(client.post(JOIN, {"uscc": CODE}))

    assert [answer.status_code for answer in answers] == [302, 429, 429, 302]
    assert [answer.headers.get("Retry-After") for answer in answers] == [None, "40", "1", None]


@pytest.mark.parametrize(("prefix", "words"), [("/en", "Back to the form"), ("", "")])
def test_a_page_of_the_sign_in_says_when_too_and_repeats_no_password(client, settings, prefix, words):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}

    answers = [client.post(f"{prefix}/accounts/signup/", SIGN_UP) for _ in range(2)]

    page = answers[1].content.decode()
    assert (answers[1].status_code, 1 <= int(answers[1].headers["Retry-After"]) <= 60) == (429, True)
    assert ("long-secret-7" in page, "a@example.cn" in page, words in page) == (False, True, True)


def test_a_fragment_says_when_too(signed_in, settings):
    settings.ACCOUNT_RATE_LIMITS = {"join_enterprise": "1/m/user"}
    client = signed_in(UserFactory())

    answers = [client.post(JOIN, {"uscc": CODE}, headers={"HX-Request": "true"}) for _ in range(2)]

    assert (answers[1].status_code, int(answers[1].headers["Retry-After"]) > 0) == (429, True)
    assert "<html" not in answers[1].content.decode()


def test_every_limit_of_ours_is_known_to_the_page(settings):
    assert set(settings.ACCOUNT_RATE_LIMITS) <= set(ACTIONS.values())
    for name in ACTIONS:
        assert reverse(name, args=["1", "1"] if name.endswith("from_key") else [])
