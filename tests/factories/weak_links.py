"""A node that is thin, counted."""

from common.keeping import process_cache
from matchmaking.insights.services.weaklinks.refreshing import refresh_weak_links
from tests.factories.postings import PostingCertificateFactory, PostingFactory
from tests.factories.reference import ChainNodeFactory, RegionFactory


def thin_node():
    """A leaf with four needs of four firms in Sichuan, and one capacity that fits none of them in Chongqing."""
    chain = ChainNodeFactory(code="XW", is_leaf=False)
    made = ChainNodeFactory(code="XW.A", parent=chain)
    for _ in range(4):
        need = PostingFactory(node=made, region=RegionFactory(code="510104"))
        PostingCertificateFactory(posting=need)
    PostingFactory(capacity=True, node=made, region=RegionFactory(code="500112"))
    refresh_weak_links(whole=True)
    process_cache.clear()
    return made
