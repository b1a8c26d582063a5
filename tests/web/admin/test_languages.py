"""No word of the other language in the frame of the administration: heads, labels, help, filters, buttons, marks."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.admin import site
from django.urls import reverse
from django.utils import translation

from matchmaking.insights.services.facts import load_facts
from tests.factories.accounts import UserFactory
from tests.factories.parks import ParkFactory
from tests.web.admin.making import MADE, list_of

pytestmark = pytest.mark.django_db
MODELS = sorted(site._registry, key=lambda model: model._meta.label)
FOREIGN = {"zh-hans": re.compile(r"[A-Za-z]*[a-z]{2,}[A-Za-z]*"), "en": re.compile(r"[\u3400-\u9fff]+")}
"""A Latin word with small letters; a run of Chinese characters."""
SPOKEN = ("title", "placeholder", "aria-label", "alt", "data-filter-title")
NAMES = {"xlsx", "Mac", "Control", "Command"}
"""File endings and keys, the same in both languages."""
DATA = {"tbody", "textarea", "script", "style"}
ROWS = {"readonly"}
"""Elements, and classes of elements, that hold rows and not words of the frame."""


class Frame(HTMLParser):
    """The texts of a page but for those of rows: cells, typed values, options that are rows, other languages."""

    def __init__(self):
        super().__init__()
        self.texts, self.inside = [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "input" and given.get("type") == "submit":
            self.texts.append(given.get("value") or "")
        if not any(self.inside):
            self.texts += [given[name] for name in SPOKEN if given.get(name)]
        if tag not in {"input", "br", "img", "link", "meta", "hr", "path", "col"}:
            is_row = tag in DATA or bool(ROWS & set((given.get("class") or "").split()))
            is_other = "lang" in given and tag != "html"
            self.inside.append(is_row or is_other)

    def handle_endtag(self, tag):
        if self.inside:
            self.inside.pop()

    def handle_data(self, data):
        if data.strip() and not any(self.inside):
            self.texts.append(data.strip())


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator whose own name is of no language."""
    return signed_in(UserFactory(platform_admin=True, totp=True, name="7", email="7@7.77"))


def foreign_words(client, address, language, row):
    """Words of the other language in the frame of a page, each with the text around it; the row's name is data."""
    page = Frame()
    page.feed(client.get(address).content.decode())
    with translation.override(language):
        texts = [text.replace(str(row), "") for text in page.texts]
    return [(word, text) for text in texts for word in FOREIGN[language].findall(text) if word not in NAMES]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_pages_of_a_model_speak_one_language(model, language, platform):
    MADE.get(model._meta.label_lower, load_facts)()
    row, listed = model._default_manager.order_by("pk").first(), site._registry[model]
    pages = {"changelist": [], "add": [], "change": [row.pk], "history": [row.pk]}
    pages |= {"import": []} if getattr(listed, "offers_import", False) else {}
    with translation.override(language):
        addresses = [
            reverse(f"admin:{listed.opts.app_label}_{listed.opts.model_name}_{name}", args=args)
            for name, args in pages.items()
        ]
    opened = [address for address in addresses if platform.get(address).status_code == 200]

    assert addresses[0] in opened
    assert [(address, *one) for address in opened for one in foreign_words(platform, address, language, row)] == []


@pytest.mark.parametrize(
    ("language", "way"),
    [
        ("zh-hans", ["首页", "园区", "园区", "历史", "历史版本"]),
        ("en", ["Home", "Parks", "Parks", "History", "Earlier version"]),
    ],
)
def test_the_way_to_a_version_speaks_one_language(language, way, platform):
    row = ParkFactory(name_zh="7", name_en="7")
    with translation.override(language):
        address = reverse("admin:parks_park_simple_history", args=[row.pk, row.history.first().pk])
    page = platform.get(address).content.decode()

    crumbs = page.partition('<div class="breadcrumbs">')[2].partition("</div>")[0]
    steps = [re.sub("<[^>]*>", "", step).strip() for step in crumbs.split("&rsaquo;")]
    assert [step for step in steps if step != str(row)] == way


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_question_before_an_act_speaks_one_language(language, platform):
    row = MADE["accounts.enterprise"]()
    with translation.override(language):
        address = list_of(type(row))
    page = Frame()
    page.feed(platform.post(address, {"action": "suspend", "_selected_action": row.pk}).content.decode())

    texts = [text.replace(str(row), "") for text in page.texts]
    assert [text for text in texts for word in FOREIGN[language].findall(text) if word not in NAMES] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_first_page_and_the_areas_speak_one_language(language, platform):
    with translation.override(language):
        areas = {model._meta.app_label for model in MODELS}
        addresses = [reverse("admin:index"), *(reverse("admin:app_list", args=[area]) for area in sorted(areas))]

    assert [one for address in addresses for one in foreign_words(platform, address, language, "\0")] == []
