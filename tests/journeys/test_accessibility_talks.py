"""axe on the files of a package, on the outcome told from a mail, and on lists that figures lead to."""

import pytest

from accounts.services import links
from tests.journeys.test_accessibility import findings
from tests.matchmaking.partnerships.packages import buyer
from tests.matchmaking.partnerships.talks import talks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_files_outcomes_and_narrowed_lists(member, live_server, width):
    made, pair = buyer(), talks()
    pair.agree()
    person = member(made.user)
    person.page.set_viewport_size({"width": width, "height": 900})
    token = links.link_token(act=links.OUTCOME, key=pair.partnership.key, reader=pair.buyer.pk)
    pages = [
        f"/packages/{made.rfq.key}/files/",
        f"/packages/{made.rfq.key}/",
        f"/partnerships/outcome/{token}/",
        f"/partnerships/?show=open&posting={pair.now.need.number}",
        "/me/notices/?show=unread",
    ]
    assert findings(person.page, live_server.url, [*pages, *(f"/en{page}" for page in pages)]) == {}
