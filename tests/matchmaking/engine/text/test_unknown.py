"""Words that texts use and no term explains."""

from matchmaking.engine.text.unknown import unexplained, words_explained

KNOWN = words_explained(["压铸", "铝合金压铸件", "die casting", "aluminium"])


def test_words_of_known_terms_are_explained_and_others_are_not():
    assert unexplained("铝合金压铸件 阻燃纱窗", KNOWN) == {"阻燃", "纱窗"}
    assert unexplained("aluminium die casting with honeycombed louvers", KNOWN) == {"honeycombed", "louver"}


def test_counts_codes_and_single_signs_are_no_words():
    assert unexplained("每月3000件 6204 8mm 压铸", KNOWN) == frozenset()
