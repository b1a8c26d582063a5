"""One shape for every error, at every address and in both languages."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import URLPattern, get_resolver, reverse

from api.exceptions import TOKEN_ADDRESS
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
SHAPE = {"type", "title", "status", "code", "detail", "errors"}
OPEN = ("schema", "unknown")
ARGUMENTS = {
    "external_key": "none",
    "code": "NO_SUCH",
    "number": "0000000000",
    "slug": "no-such",
    "key": "no-such",
    "pk": 0,
}
LANGUAGES = ("en", "zh-hans")


def named() -> list[URLPattern]:
    """Every address of version 1 that asks for a token."""
    found: list[URLPattern] = []
    for door in get_resolver().url_patterns:
        if getattr(door, "namespace", None) == "api":
            version = next(part for part in door.url_patterns if getattr(part, "namespace", None) == "v1")
            found = [pattern for pattern in version.url_patterns if pattern.name not in OPEN]
    return found


ROUTES = {pattern.name: tuple(pattern.pattern.converters) for pattern in named()}
ADDRESSES = {
    name: reverse(f"api:v1:{name}", kwargs={argument: ARGUMENTS[argument] for argument in arguments})
    for name, arguments in ROUTES.items()
}


def scopes_of(name: str) -> dict[str, str]:
    """Method to scope of an address."""
    pattern = next(one for one in named() if one.name == name)
    found: dict[str, str] = pattern.callback.view_class.scopes
    return found


def problem(answer: Any, status: int, language: str) -> dict[str, Any]:
    """The document, after its shape was checked."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.content
    assert answer.headers["Content-Language"] == language
    told = json.loads(answer.content)
    assert (set(told), told["status"]) == (SHAPE, status)
    assert all(told[name] for name in ("title", "code", "detail"))
    assert all(set(error) == {"field", "code", "detail"} for error in told["errors"])
    in_chinese = any("\u3400" <= letter <= "\u9fff" for letter in told["title"])
    assert in_chinese == (language == "zh-hans")
    return told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_without_a_token_every_method_of_every_address_is_answered_with_401(name, language):
    for method in scopes_of(name):
        answer = Client().generic(method, ADDRESSES[name], headers={"Accept-Language": language})

        problem(answer, 401, language)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_token_without_the_scope_is_answered_with_403_at_every_address_that_wants_one(make_partner, language):
    partners = {scope: make_partner(scopes=(scope,)) for scope in ("facts:read", "reference:read")}
    for name, address in ADDRESSES.items():
        for method, scope in scopes_of(name).items():
            if scope:
                system = partners["reference:read" if scope == "facts:read" else "facts:read"]
                told = problem(system.ask(address, method, **{"Accept-Language": language}), 403, language)
                assert told["code"] == "permission_denied", (name, method)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_is_answered_with_404_and_a_method_that_is_none_with_405(partner, language):
    asked = {"Accept-Language": language}
    for name, address in ADDRESSES.items():
        if ROUTES[name] and "GET" in scopes_of(name):
            problem(partner.ask(address, **asked), 404, language)
        other = next(method for method in ("PUT", "PATCH") if method not in scopes_of(name))
        answer = partner.ask(address, other, **asked)
        problem(answer, 405, language)
        assert set(scopes_of(name)) <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_parameter_is_answered_with_400_at_every_list(partner, language):
    for name, address in ADDRESSES.items():
        if "GET" in scopes_of(name) and not ROUTES[name]:
            told = problem(partner.ask(f"{address}?colour=1", **{"Accept-Language": language}), 400, language)
            assert [error["field"] for error in told["errors"]] == ["colour"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_media_types_states_and_values_have_the_same_shape(partner, language):
    asked = {"Accept-Language": language}
    closed = PostingFactory(enterprise=partner.enterprise, closed=True)
    address = f"/api/v1/postings/{closed.number}"
    token = {"Authorization": f"Bearer {partner.token}", **asked}
    door, rows = Client(), "/api/v1/postings/"

    live = PostingFactory(enterprise=partner.enterprise)
    unfit = {"reason": "because"}
    answers = {
        "not_acceptable": (406, Client().get("/api/v1/me/", headers={**token, "Accept": "text/html"})),
        "unsupported_media_type": (415, door.post(rows, "<a/>", content_type="text/xml", headers=token)),
        "parse_error": (400, door.post(rows, "{", content_type="application/json", headers=token)),
        "refusal.wrong_state": (409, partner.ask(f"{address}/pause/", "POST", **asked)),
        "refusal.unknown_code": (422, partner.ask(f"/api/v1/postings/{live.number}/close/", "POST", unfit, **asked)),
        "body_too_large": (413, partner.ask("postings/", "POST", {"title": "a" * 10_000_000}, **asked)),
    }

    assert {code: problem(answer, status, language)["code"] for code, (status, answer) in answers.items()} == {
        code: code for code in answers
    }
    told = problem(answers["parse_error"][1], 400, language)["detail"]
    assert (
        told
        == {
            "en": "The body is no JSON: it cannot be read on from line 1, column 2.",
            "zh-hans": "请求正文不是有效的 JSON：从第 1 行第 2 列起无法读取。",
        }[language]
    )
    changed = partner.ask(f"{address}/", "PATCH", {"version": 1, "title": "示例"}, **asked)
    assert problem(changed, 409, language)["code"] in ("refusal.wrong_state", "stale")


MUCH, MANY = {"title": "a" * 10_000_000}, {f"field{number}": "1" for number in range(700)}
FORMS = {"form": "application/x-www-form-urlencoded", "multipart": MULTIPART_CONTENT}
UNREADABLE = {
    "body_too_large": (413, MUCH),
    "too_many_fields": (400, MANY),
    "nul_character": (400, {"title": "a\0"}),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", UNREADABLE)
@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("address", ["/api/v1/postings/", "/api/v1/nothing/", TOKEN_ADDRESS])
def test_a_form_that_cannot_be_read_is_answered_as_everything_else_is(address, kind, code, language):
    status, data = UNREADABLE[code]
    sent = urlencode(data) if kind == "form" else data

    answer = Client().post(address, sent, content_type=FORMS[kind], headers={"Accept-Language": language})

    assert problem(answer, status, language)["code"] == code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/api/v1/postings/", TOKEN_ADDRESS])
def test_a_form_in_no_known_alphabet_or_without_bounds_is_answered_as_everything_else_is(address, language):
    kinds = [
        "application/x-www-form-urlencoded; charset=latin-1",
        "multipart/form-data",
        "multipart/form-data; boundary=é",
    ]

    for kind in kinds:
        answer = Client().post(address, b"a=1", content_type=kind, headers={"Accept-Language": language})
        assert problem(answer, 400, language)["code"] == "unreadable", kind


def test_a_host_that_is_not_ours_is_told_so_at_the_rest_door(settings):
    settings.ALLOWED_HOSTS = ["example.com"]

    answer = Client().get("/api/v1/me/", headers={"Host": "elsewhere.example.org", "Accept-Language": "en"})

    assert problem(answer, 400, "en")["code"] == "unreadable"


def test_where_people_ask_it_stays_a_page():
    for data, status in ((MUCH, 413), (MANY, 400)):
        answer = Client().post("/accounts/login/", data)

        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
