"""Several people at work at once, each at a browser of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from tests.conftest import session_cookie
from tests.journeys.steps import Person


@pytest.fixture
def someone(live_server: Any, browser: Any) -> Iterator[Callable[..., Person]]:
    """Opens a browser for a person who has not signed in."""
    contexts = []

    def open_browser(language: str = "zh-hans") -> Person:
        context = browser.new_context(locale="en-GB" if language == "en" else "zh-CN")
        contexts.append(context)
        return Person(context.new_page(), live_server.url, language)

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def member(someone: Callable[..., Person]) -> Callable[..., Person]:
    """Opens a browser in which the given user signs in by the form."""

    def sign_in(user: User, language: str = "zh-hans") -> Person:
        person = someone(language)
        person.sign_in(user.email)
        return person

    return sign_in


@pytest.fixture
def at_home(someone: Callable[..., Person], live_server: Any) -> Callable[..., Person]:
    """Opens a browser in which the given user is signed in already, staff too."""

    def open_page(user: User, language: str = "zh-hans") -> Person:
        person = someone(language)
        person.page.context.add_cookies([session_cookie(user, live_server.url)])
        return person

    return open_page
