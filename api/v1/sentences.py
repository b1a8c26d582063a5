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
OF_CONSORTIA = {
    "postings_supplier_sets": Told(
        _("Suppliers that carry a need together"),
        _(
            "Of your own published need: who could carry it alone, and at most three complete sets of two to four "
            "suppliers, the fewest first. `own_amount` is the part that your firm makes itself."
        ),
    ),
    "consortia_list": Told(
        _("Sets of suppliers"),
        _("For your firm's needs, and those in which it holds a share; `need` and `state` narrow the list."),
    ),
    "consortia_create": Told(
        _("Ask a set of suppliers"),
        _(
            "Each is asked for its own share by an interest, with all limits of interests, and told of nobody but your "
            "firm. With your own part the shares add up to the need: 422 names each that does not fit."
        ),
    ),
    "consortia_get": Told(
        _("One set of suppliers"),
        _(
            "The need's firm reads every share in `whole`, a supplier its own in `own_share`, with the others' names "
            "once all have consented. Prices stand in the partnerships, for their two firms alone."
        ),
    ),
    "consortia_replacements": Told(
        _("Who could carry the open part"),
        _("After a supplier has left: for the need's firm, 409 while nothing is open."),
    ),
    "consortia_add": Told(
        _("Ask further suppliers"), _("For all that is open; firms that were asked before are none of them.")
    ),
    "consortia_consent": Told(
        _("Consent to your share"),
        _(
            "Accepts the request where it still waits, so that both firms are introduced. The last consent completes "
            "the set. 409 where a posting is no longer at the version that you read."
        ),
    ),
    "consortia_leave": Told(
        _("Refuse your share, or give it up"),
        _("For one of the reasons `end.partnership.*`; the partnership ends, the set is no longer shown to you."),
    ),
    "consortia_dissolve": Told(
        _("Dissolve a set"), _("By the need's firm. Each partnership and what is agreed in it goes on as it stands.")
    ),
}
OF_OVERFLOWS = {
    "overflows_list": Told(
        _("Your overflows"),
        _("What your firm has more orders for than lines, the newest first; no other firm reads of them."),
    ),
    "overflows_create": Told(
        _("Begin an overflow"),
        _(
            "Posts the work beyond your own lines and, with `floor_area` and `workers`, premises and people for a line "
            "elsewhere, each as an ordinary need; nothing tells others that they belong together. 422 names each field "
            "that does not fit, and then nothing is posted."
        ),
    ),
    "overflows_get": Told(
        _("One overflow"),
        _(
            "With its plan: who takes how much, and what nobody carries yet. Premises and people are asked for and "
            "agreed upon as any other need. 404 for everybody but your firm."
        ),
    ),
    "overflows_partners": Told(
        _("Whom the plan can ask"),
        _(
            "The best capacities with the least and the most that each can carry, and what a first plan would ask of "
            "it; firms that were asked before are none of them. 409 while nothing is open."
        ),
    ),
    "overflows_plan": Told(
        _("Ask the partners of a plan"),
        _(
            "Shares and your own line take all that is open: 422 names each that does not fit, and then nobody is "
            "asked. Each partner is told of its own share alone, under `consortia/`, and consents or leaves there. "
            "After one has left, call it again for the open part."
        ),
    ),
    "overflows_close": Told(
        _("Close an overflow"),
        _(
            "All of its needs for one of the reasons `end.need.*`, its plan, and requests and talks that are not "
            "signed; the other sides are told. Agreements stand. 409 where nothing is left to close."
        ),
    ),
}
OF_NETWORKS = {
    "network_list": Told(
        _("Your network"),
        _(
            "Memberships of your firm's network and of those that it is in, or was, the newest first. Only the two "
            "firms of a membership read it."
        ),
    ),
    "network_ask": Told(
        _("Ask a firm"),
        _(
            "Into your own network (`ours`), or to take your firm into its network (`theirs`), by its credit code or "
            "public key. It is a member once it accepts; 409 where it was asked already, or declined lately."
        ),
    ),
    "network_get": Told(_("One membership"), _("404 for every firm that is no side of it.")),
    "network_answer": Told(_("Answer a firm"), _("Yes or no to what it asked, once; either firm can end it later.")),
    "network_end": Told(
        _("End a membership"),
        _("Or take back what your firm asked. Postings that ask the network first are hidden from that moment."),
    ),
    "suppliers_list": Told(
        _("Your list of suppliers"),
        _(
            "Suppliers and distributors as your firm lists them, the newest first, with what each brings at which "
            "node. Nobody else's system reads it."
        ),
    ),
    "suppliers_get": Told(_("One firm of your list"), _("By your own number; 404 where the list does not have it.")),
    "suppliers_sync": Told(
        _("Put a firm on your list"),
        _(
            "By your own number, whole: what the body lacks is emptied, what `supplies` no longer names ends today, "
            "but for what was agreed here. Without `supplies` what a known firm brings stays, and a new one is a "
            "supplier of the first tier at no node. 201 for a new firm; the same body again changes nothing. Numbers "
            "that differ in case, width or blanks are one. 409 `refusal.left_network` for a firm that left your "
            "network by itself, `refusal.already_there` for a credit code that another firm of the list has."
        ),
    ),
    "suppliers_remove": Told(
        _("Take a firm off your list"), _("What it brought stays told; put it back by writing it again.")
    ),
}
OF_DAYS = {
    "days_list": Told(
        _("Your matchmaking days"),
        _("Days to which your firm was invited, the newest invitation first. Coordinators open and plan them."),
    ),
    "days_get": Told(
        _("One matchmaking day"),
        _(
            "Once your firm takes part: the others, what it wishes, and after publication its meetings with times and "
            "tables. `not_placed` are firms that it wished to meet and does not, for whatever reason."
        ),
    ),
    "days_answer": Told(
        _("Answer an invitation"), _("Either answer can be changed until the last day for wishes; 409 after it.")
    ),
    "days_wish": Told(
        _("Say whom you wish to meet"),
        _(
            "All wishes in one call, in place of those before: `must` (five at most), `meet` or `no`. Nobody else "
            "reads them, coordinators included."
        ),
    ),
    "days_give_up": Told(
        _("Give your place up"), _("Your meetings fall out, whom you were to meet is told. 409 where you have none.")
    ),
}
OF_FILES = {
    "files_share": Told(
        _("Show a file"),
        _(
            "At your own posting, for all lines of your own package, or to the other firm of a partnership, as a form "
            "with the file in `upload`. What it is, its content says; images are encoded anew. A preview belongs to a "
            "posting. 422 for what is no sound PDF, PNG, JPEG or WebP."
        ),
    ),
    "files_get": Told(
        _("One file"), _("What is known of it, also of an earlier revision. 404 where it is not shown to you.")
    ),
    "files_download": Told(
        _("Download a file"),
        _(
            "Your own, and files that are handed out after mutual interest; each download is recorded for the firm "
            "that shows it. 409 for a file that is shown as pages alone: these are looked at on the site."
        ),
    ),
    "files_revise": Told(
        _("Put a new revision in a file's place"),
        _("Whoever holds the one before is told; for a need's file open quotes are to be confirmed."),
    ),
    "files_withdraw": Told(
        _("Take a file back"), _("Nobody else opens it any more; the revision before stands again, if any.")
    ),
    "partnerships_confidentiality": Told(
        _("How the confidentiality agreement stands"),
        _(
            "Its text and until when whose acceptance holds. An owner accepts it on the page, with a password or a "
            "code."
        ),
    ),
}

OF_TALENT = {
    "talent_list": Told(
        _("People offered and sought"),
        _(
            "Postings of the subject `talent` with the mode of exchange and the papers that people hold or shall hold, "
            "and by which rule these count on both sides of the border; nobody is named. Narrowed by `mode` and "
            "`paper` besides the filters of postings."
        ),
    ),
    "partnerships_person_agreed": Told(
        _("Record that the people offered have agreed"),
        _(
            "For a capacity of people: until then the other side cannot read contact data. The day is kept and told to "
            "both. 409 where no people are offered or it is recorded already."
        ),
    ),
}
