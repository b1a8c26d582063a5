"""Texts are read for their meaning once, by the worker, and the market hears of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matchmaking.matching.models import PostingVector
from matchmaking.matching.services import vectors
from matchmaking.matching.services.rows import plain_rows
from matchmaking.matching.services.snapshots import current_market, snapshot_state
from matchmaking.matching.services.vectors import encode_postings
from matchmaking.matching.tasks import encode_changed_postings
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def read(posting):
    return next(plain_rows(Posting.objects.filter(pk=posting.pk))).vector


def test_live_postings_are_read_once_and_their_rows_carry_the_vector():
    posting, draft = PostingFactory(capacity=True), PostingFactory(draft=True)
    assert read(posting) == b""
    assert (encode_postings(), encode_postings()) == (1, 0)
    assert len(read(posting)) == 64
    assert read(draft) == b""


def test_an_edited_text_loses_its_vector_until_the_worker_has_read_it_again():
    posting = PostingFactory(capacity=True, title="forged gear blanks")
    encode_postings()
    before = read(posting)
    posting.title = "die casting of housings"
    posting.save()
    assert read(posting) == b""
    assert encode_changed_postings.call([posting.number]) == 1
    assert read(posting) not in (before, b"")


def test_another_encoder_or_version_reads_anew(settings, monkeypatch):
    posting = PostingFactory(capacity=True)
    encode_postings()
    monkeypatch.setattr("matchmaking.engine.text.meaning.READING", "later")
    assert read(posting) == b""
    assert encode_postings() == 1
    settings.MATCH_ENCODER = "null"
    assert (read(posting), encode_postings()) == (b"", 0)


def test_force_reads_all_again_and_numbers_only_those_named():
    one, other = PostingFactory(capacity=True), PostingFactory(capacity=True)
    assert encode_postings(numbers=[one.number]) == 1
    assert read(other) == b""
    assert encode_postings(force=True) == 2


def test_a_few_readings_reach_a_market_in_use_as_changes():
    posting = PostingFactory(capacity=True)
    assert current_market().changed == {}
    encode_postings()
    assert current_market().changed[posting.number].vector == read(posting)
    assert snapshot_state()["problem"] == "there is none"


def test_many_readings_build_a_snapshot(monkeypatch):
    PostingFactory.create_batch(3, capacity=True)
    monkeypatch.setattr(vectors, "FEW_CHANGES", 2)
    heard = []
    assert encode_postings(tell=lambda done, total: heard.append((done, total))) == 3
    assert heard == [(3, 3)]
    assert (snapshot_state()["problem"], len(current_market().changed)) == ("", 0)


def test_a_posting_that_is_gone_before_its_vector_is_written_is_left_out(monkeypatch):
    posting, other = PostingFactory(capacity=True), PostingFactory(capacity=True)
    encoded = vectors.encoded

    def slow(texts, encoder, taxonomy):
        Posting.objects.filter(pk=posting.pk).delete()
        return encoded(texts, encoder, taxonomy)

    monkeypatch.setattr(vectors, "encoded", slow)
    assert encode_postings() == 1
    assert list(PostingVector.objects.values_list("posting", flat=True)) == [other.pk]


def test_a_posting_edited_while_it_is_read_is_read_again(monkeypatch):
    posting = PostingFactory(capacity=True)
    monkeypatch.setattr(vectors.timezone, "now", lambda: posting.changed_at - timedelta(seconds=1))
    encode_postings()
    monkeypatch.undo()
    assert encode_postings() == 1
    assert PostingVector.objects.get().read_at <= timezone.now()


def test_a_paused_posting_is_not_read():
    PostingFactory(capacity=True, status=Status.PAUSED)
    assert encode_postings() == 0
