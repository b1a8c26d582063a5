"""What is kept for a while: read once by many, read anew when its time is over, nothing kept of a failure."""

import threading
import time

import pytest

from common.keeping import kept_for, process_cache

KEY = "tests.kept"


@pytest.fixture(autouse=True)
def _empty():
    process_cache.delete(KEY)


def test_many_who_ask_at_once_read_it_once():
    reads, found = [], []

    def read():
        reads.append(1)
        time.sleep(0.05)
        return {"rows": 3}

    def ask():
        found.append(kept_for(60, KEY, read))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(reads), found) == (1, [{"rows": 3}] * 8)


def test_an_empty_answer_is_kept_too():
    reads = []

    def read():
        reads.append(1)
        return {}

    assert [kept_for(60, KEY, read) for _ in range(3)] == [{}] * 3
    assert len(reads) == 1


def test_it_is_read_anew_once_its_time_is_over():
    assert kept_for(0, KEY, lambda: 1) == 1
    assert kept_for(60, KEY, lambda: 2) == 2
    assert kept_for(60, KEY, lambda: 3) == 2


def test_of_a_reading_that_failed_nothing_is_kept():
    def fail():
        raise OSError("sample")

    with pytest.raises(OSError, match="sample"):
        kept_for(60, KEY, fail)

    assert kept_for(60, KEY, lambda: 5) == 5
