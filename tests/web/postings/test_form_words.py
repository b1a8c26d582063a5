"""Nodes named in words, and contact data that stands in the text."""

import pytest
from django.urls import reverse

from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.postings import PostingFactory
from tests.web.postings.sending import send, version_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "subject"), [("EQUIP.PROC.DIECAST", "processing"), ("SVC.SPACE", "premises"), ("EINFO.PCB", "component")]
)
def test_a_node_tells_its_usual_category(client, code, subject):
    assert client.get(reverse("web:postings:usual", args=[code])).json()["subject"] == subject


def test_words_that_name_one_node_are_enough(firm):
    answer = send(firm, node="", node_words="减振器与悬架")

    exact = Posting.objects.get()
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert 'type="radio" name="node"' in answer.content.decode()
        assert exact.node is None


def test_words_that_may_mean_several_nodes_give_a_choice(firm):
    answer = send(firm, node="", node_words="轴承")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'type="radio" name="node" value="AUTO.CHASSIS.BEARING"' in page
    chosen = send(
        firm,
        f"/postings/{Posting.objects.get().number}/edit/",
        node="AUTO.CHASSIS.BEARING",
        node_words="轴承",
        seen_version=version_of(answer),
    )
    assert chosen.status_code == 302
    assert Posting.objects.get().node.code == "AUTO.CHASSIS.BEARING"


def test_contact_data_moves_to_its_place_with_one_press(firm):
    answer = send(firm, text="电话 13812345678，长期")
    page = answer.content.decode()
    posting = Posting.objects.get()
    assert (answer.status_code, 'value="lift"' in page, posting.status) == (409, True, Status.DRAFT)

    lifted = send(
        firm,
        f"/postings/{posting.number}/edit/",
        act="lift",
        text="电话 13812345678，长期",
        seen_version=version_of(answer),
    )

    posting.refresh_from_db()
    assert (lifted.status_code, posting.status, posting.text) == (302, Status.PUBLISHED, "，长期")
    assert posting.contact.phone == "13812345678"


def test_contact_data_moves_out_of_a_published_text_too(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise)
    path = f"/postings/{posting.number}/edit/"
    refused = send(firm, path, act="save", text="li@example.com", seen_version="1")

    assert (refused.status_code, Posting.objects.get().text) == (409, posting.text)
    assert send(firm, path, act="lift", text="li@example.com", seen_version="1").status_code == 302
    assert (Posting.objects.get().text, Posting.objects.get().contact.email) == ("", "li@example.com")
