"""What people do in the browser, one function an act: every one by click or key, words in the page's language."""

import re
from typing import Any

import pytest
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext

from tests.factories.accounts import PASSWORD

BOTH_LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.long)])
"""A whole journey once more in English, in the long form: what it reads there is the same."""
SAME_IN_BOTH = ("/en/", "/api/", "/identity/")
"""Addresses that say themselves what they are in."""
LINK = re.compile(r"https?://[^/\s]+(/\S+)")


class Person:
    """Somebody at a browser page of the site at ``base``, reading ``language``."""

    def __init__(self, page: Any, base: str, language: str = "zh-hans") -> None:
        self.page, self.base, self.language = page, base, language
        page.set_default_timeout(30_000)
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))

    @property
    def prefix(self) -> str:
        """The beginning of the addresses of the language."""
        return "/en" if self.language == "en" else ""

    def word(self, message: str) -> str:
        """An interface text in the language of the page."""
        with translation.override(self.language):
            return gettext(message)

    def go(self, address: str) -> None:
        """Open an address, as from a bookmark or a mail, in the language that the person reads."""
        prefix = "" if address.startswith(SAME_IN_BOTH) else self.prefix
        self.page.goto(f"{self.base}{prefix}{address}")

    def main(self) -> Any:
        """The page without its bar and foot."""
        return self.page.locator("main")

    def text(self) -> str:
        """All that the page shows and holds."""
        return str(self.page.content())

    def press(self, message: str, inside: str = "main") -> None:
        """Press the button with this text."""
        self.page.locator(inside).get_by_role("button", name=self.word(message)).first.click()

    def follow(self, message: str, inside: str = "body") -> None:
        """Follow the link with this text and wait for the page that it leads to: a click does not wait for it."""
        link = self.page.locator(inside).get_by_role("link", name=self.word(message)).first
        with self.page.expect_navigation():
            link.click()

    def fill(self, name: str, value: str) -> None:
        """Type into the field with this name."""
        self.page.locator(f"main [name={name}]").first.fill(value)

    def choose(self, name: str, value: str) -> None:
        """Choose from the list with this name."""
        self.page.locator(f"main select[name={name}]").select_option(value)

    def sign_up(self, name: str, email: str) -> None:
        """Make an account from the home page and confirm the address by the link that was mailed."""
        self.go("/")
        self.follow("Sign in", "header")
        self.follow("Sign up", "main")
        self.fill("name", name)
        self.fill("email", email)
        self.fill("password1", PASSWORD)
        if self.page.locator("main [name=password2]").count():
            self.fill("password2", PASSWORD)
        self.press("Sign up")
        self.page.wait_for_url("**/confirm-email/")
        message = next(one for one in reversed(mail.outbox) if email in one.to)
        found = LINK.search(message.body)
        assert found is not None, message.body
        self.go(found[1])
        with self.page.expect_navigation():
            self.main().locator("form button[type=submit]").first.click()

    def sign_in(self, email: str) -> None:
        """Sign in from the home page."""
        self.go("/")
        self.follow("Sign in", "header")
        self.fill("login", email)
        self.fill("password", PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url(f"**{self.prefix}/me/")

    def register_enterprise(self, *, uscc: str, name: str, region: str, person: str, phone: str) -> None:
        """Register the firm and become its owner."""
        if "/enterprises/new/" not in self.page.url:
            self.go("/enterprises/new/")
        self.fill("uscc", uscc)
        self.fill("name", name)
        self.choose("region", region)
        self.fill("contact_person", person)
        self.fill("contact_phone", phone)
        self.press("Register")
        self.page.wait_for_url(f"**{self.prefix}/me/")

    def pick_node(self, words: str, code: str) -> None:
        """Find a node in the picker and take it by arrow keys and Enter."""
        field = self.page.locator("main [name=node_words]")
        field.click()
        field.press_sequentially(words, delay=20)
        option = self.page.locator(f"#node-list [role=option][data-code='{code}']")
        option.wait_for()
        codes = self.page.locator("#node-list [role=option]").evaluate_all("rows => rows.map(row => row.dataset.code)")
        for _ in range(codes.index(code) + 1):
            field.press("ArrowDown")
        field.press("Enter")
        assert self.page.locator("main input[type=hidden][name=node]").input_value() == code

    def post_need(
        self, *, title: str, node: tuple[str, str], quantity: str, region: str, until: str, start: str
    ) -> None:
        """Write a need with the one-page form and post it; ends at its page or its matches."""
        self.follow("Post a need", "header")
        self.fill("title", title)
        self.pick_node(*node)
        self.choose("subject", "component")
        self.fill("quantity", quantity)
        self.choose("unit", "PCS")
        self.choose("period", "month")
        self.fill("window_start", start)
        self.fill("window_end", until)
        self.choose("region", region)
        self.post()

    def paste_need(self, row: str) -> None:
        """Fill the one-page form in from a row of a spreadsheet."""
        self.follow("Post a need", "header")
        self.page.locator("#from-row summary").click()
        self.fill("row", row)
        with self.page.expect_navigation():
            self.press("Fill in")

    def post(self) -> None:
        """Post the need in the form; ends at its page."""
        self.press("Post and start matching")
        self.page.wait_for_url(re.compile(r"/needs/\w{10}/"))

    def card_of(self, number: str) -> Any:
        """The match card of the posting with this number."""
        return self.page.locator(f"#match-{number}")

    def express_interest(self, number: str) -> None:
        """Press the button on a match card and wait until it tells the stage."""
        self.card_of(number).get_by_role("button", name=self.word("Express interest")).click()
        self.card_of(number).locator("a[href*='/partnerships/']").wait_for()

    def open_waiting_partnership(self) -> None:
        """From the workbench to the partnership that waits for an answer."""
        self.go("/me/")
        self.page.locator("section[aria-labelledby=h-todo] a[href*='/partnerships/']").first.click()
        self.page.wait_for_url(re.compile(r"/partnerships/\w{10}/"))

    def accept(self) -> None:
        """Accept the interest on its page."""
        self.press("Accept and be introduced")
        self.page.locator("#contact form").first.wait_for()

    def see_contact(self) -> str:
        """Show the other side's contact data; gives what the card says."""
        self.page.locator("#contact").get_by_role("button", name=self.word("Show contact data")).click()
        self.page.locator("#contact dl").wait_for()
        return str(self.page.locator("#contact").inner_text())
