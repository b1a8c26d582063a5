"""What the description says of operations on what several firms do together."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Told(NamedTuple):
    """What an operation does, in a few words and in some sentences."""

    summary: Promise
    description: Promise


OF_PACKAGES = {
    "packages_list": Told(
        _("Packages"),
        _(
            "Your firm's requests for quotation, and those of others that it may quote for because both were "
            "introduced about one of the lines; the newest first. `mine` and `state` narrow the list."
        ),
    ),
    "packages_create": Told(
        _("Begin a package"),
        _(
            "A draft that your firm alone sees. What it says of window, certificates and days of answer is written "
            "into every line when it is published."
        ),
    ),
    "packages_get": Told(_("One package"), _("404 for one that your firm neither asked for nor may quote for.")),
    "packages_change": Told(
        _("Change a draft package"),
        _(
            "Fields that are left out stay as they are. `version` is the one that you read; 409 `stale` when it "
            "changed."
        ),
    ),
    "packages_delete": Told(
        _("Throw a draft package away"),
        _("With the needs that were written for it; needs that were there before stay. 409 once it was published."),
    ),
    "packages_publish": Told(
        _("Publish a package"),
        _(
            "Publishes every line that is a draft and asks for quotes, all of it or nothing: 422 names each problem as "
            "`lines.<number of the line>.<field>`. Suppliers in talks about a line are told once."
        ),
    ),
    "packages_close": Told(
        _("Take no more quotes"), _("Twice changes nothing. A sealed package ends at its deadline alone: 409 before.")
    ),
    "packages_add_needs": Told(
        _("Take needs into a package"),
        _(
            "Drafts or live needs of your firm, up to 200 lines in all. 409 for one that stands in another open "
            "package."
        ),
    ),
    "packages_lines": Told(
        _("Lines and quotes side by side"),
        _(
            "Of your own package: each line with the quotes that can be read now in its own unit, cheapest first, and "
            "what each supplier asks for in all. Before the deadline of a sealed package only their number is told."
        ),
    ),
    "packages_add_lines": Told(
        _("Write lines of a package"),
        _(
            "Each becomes a need of its own, all of them or none. 422 names what does not fit as "
            "`lines.<place in what was sent, from 0>.<field>`."
        ),
    ),
    "packages_remove_line": Told(
        _("Take a line out of a draft"), _("A need that was written for it goes with it, another one stays.")
    ),
    "packages_offer": Told(
        _("Lines that you may quote"),
        _("Of another firm's package: what your firm may see of it, with its own quotes and awards, nobody else's."),
    ),
    "packages_quote": Told(
        _("Quote for lines"),
        _(
            "Several lines under the same terms, all of them or none; 422 names a line's problem as "
            "`lines.<number of the need>.<field>`. A quote that says the same already stays as it is. Lines that you "
            "do not talk about yet are supplied from `capacity`."
        ),
    ),
    "packages_award": Told(
        _("Award lines"),
        _(
            "In whole or split: an agreement is proposed for each quote, in the need's unit. Each holds once both "
            "sides have signed it on the page. 409 while the quotes are sealed."
        ),
    ),
}
