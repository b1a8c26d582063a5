"""Several people at work at once, each at a browser of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from tests.conftest import session_cookie
from tests.journeys.steps import Person


@pytest.fixture
def language() -> str:
    """What people read where nothing else is said: a journey in ``BOTH_LANGUAGES`` says so."""
    return "zh-hans"


@pytest.fixture
def someone(live_server: Any, browser: Any, language: str) -> Iterator[Callable[..., Person]]:
    """Opens a browser for a person who has not signed in."""
    contexts = []
    usual = language

    def open_browser(language: str = usual) -> Person:
        context = browser.new_context(locale="en-GB" if language == "en" else "zh-CN")
        contexts.append(context)
        return Person(context.new_page(), live_server.url, language)

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def member(someone: Callable[..., Person], language: str) -> Callable[..., Person]:
    """Opens a browser in which the given user signs in by the form."""

    usual = language

    def sign_in(user: User, language: str = usual) -> Person:
        User.objects.filter(pk=user.pk).update(language=language)
        person = someone(language)
        person.sign_in(user.email)
        return person

    return sign_in


@pytest.fixture
def at_home(someone: Callable[..., Person], live_server: Any, language: str) -> Callable[..., Person]:
    """Opens a browser in which the given user is signed in already, staff too."""

    usual = language

    def open_page(user: User, language: str = usual) -> Person:
        person = someone(language)
        person.page.context.add_cookies([session_cookie(user, live_server.url)])
        return person

    return open_page
