"""A whole form of a need, as the pages of postings send it."""

import re

WHOLE = {
    "title": "减震器 3,000 件/月",
    "node": "AUTO.CHASSIS.SUSP",
    "subject": "component",
    "region": "500116",
    "quantity": "３千",
    "unit": "PCS",
    "period": "month",
    "window_start": "2099/1/1",
    "window_end": "20991231",
    "visibility": "named",
}


def send(sender, path="/needs/new/", act="publish", **fields):
    """The answer to a whole form with some fields changed."""
    return sender.post(path, {**WHOLE, "act": act, **fields})


def version_of(page):
    """The version of the posting that the page was made from."""
    return re.search(r'name="seen_version" value="(\d*)"', page.content.decode())[1]
