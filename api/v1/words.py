"""What the description of the API says of its shapes, registered for translation.

The English text stands once, in the docstrings of serializers; a test compares both.
"""

from typing import Any

from django.utils.translation import gettext, gettext_noop

CHOICES = "* `"
"""How the description of a list of values begins, which is made of labels that are translated already."""
WORDS = (
    gettext_noop("A document or a step; ``on`` is its day, or the last day of what ``told`` says."),
    gettext_noop("A figure that a park reported for a quarter, with its source; each correction raises ``version``."),
    gettext_noop("A fleet batch; without ``starts_on`` it is in no figure."),
    gettext_noop("A framework agreement; ``signed_by`` is the last day on which it can have been signed."),
    gettext_noop(
        "A line with its stops, its running stations' gaps, and its length as the crow flies from stop to stop."
    ),
    gettext_noop("A node. Null is what would tell of fewer than three firms."),
    gettext_noop("A party of an agreement; ``followed_by`` took its place on the day of its own ``since``."),
    gettext_noop("A prefecture of Sichuan or a district of Chongqing."),
    gettext_noop("A question about a posting; ``answer`` is empty until there is one. Who asked is told to nobody."),
    gettext_noop("A question about another firm's posting."),
    gettext_noop("A region that a line passes."),
    gettext_noop("A station, supply base or store; only ``running`` ones are there, and null is not known."),
    gettext_noop("A step of a project; ``reached_on`` is null until it is reached."),
    gettext_noop("A stretch of a line without a running station."),
    gettext_noop("A task of an agreement; ``measure`` says what is counted here that speaks of it."),
    gettext_noop("How much hydrogen a vehicle is assumed to take a day; every figure of demand rests on it."),
    gettext_noop("How the nodes stood in the week that begins on ``week``."),
    gettext_noop("One month at one place, whole kilograms; ``asked`` in posted needs is not added to the demand."),
    gettext_noop("Points of each part of the score; they sum to it."),
    gettext_noop("The answer to a question, for all who may read the posting."),
    gettext_noop(
        "The balance; before an assumption was entered it is null and there are no places, since there is no demand."
    ),
    gettext_noop("The nodes asked for; ``covered`` ones have three suppliers and more, ``missing`` ones none."),
    gettext_noop("Vehicles of a batch that are filled at a place."),
    gettext_noop("What is needed and offered in one dimension, month by month from this one on, in its base unit."),
    gettext_noop("Whether it is asked of one's own firm."),
    gettext_noop("Whether its last day has passed."),
    gettext_noop("Whether one's own firm asked it."),
    gettext_noop("A message to the other firm of a partnership."),
    gettext_noop("A message of a partnership; ``author`` is empty where the person has left or gave no name."),
    gettext_noop("Whether one's own firm wrote it."),
    gettext_noop("The name of who wrote it."),
    gettext_noop(
        "What is known of a file: its newest revision; ``is_openable`` says whether its pages open on the site now."
    ),
    gettext_noop("Whether one's own firm shows it."),
    gettext_noop(
        "The system that asks: for whom, with what, until when. ``scopes`` are those of the token that it showed."
    ),
    gettext_noop(
        "A batch as announced: ``size`` parks, of which sources name ``named``; the others are counted, never invented."
    ),
    gettext_noop("A certificate that a firm can hold."),
    gettext_noop("An industrial chain."),
    gettext_noop(
        "What the text factor was blended from, in percent; null for a channel that has nothing to say of the pair."
    ),
    gettext_noop("One month of a capacity; without a planned amount it carries what was posted."),
    gettext_noop("What a capacity can carry in one month; null for what was posted."),
    gettext_noop("Months to plan; those that are not named stay as they are."),
    gettext_noop("Year and month, as 2027-03."),
    gettext_noop(
        "A partnership in a list. Before both agreed the other firm has the name under which its posting shows it."
    ),
    gettext_noop("A step that was taken; ``side`` took it."),
    gettext_noop(
        "What a supplier asks for a need, in CNY; ``unit_price`` is for one ``unit``, ``tax_rate`` in percent."
    ),
    gettext_noop("A quote with where it stands."),
    gettext_noop("A delivery that is planned; its amount in the agreement's unit."),
    gettext_noop("A planned delivery and what became of it; ``number`` names it among those of the agreement."),
    gettext_noop("One version of the agreement and who has signed it."),
    gettext_noop("An agreement to put before both sides; without planned deliveries one at the end is planned."),
    gettext_noop("What one side says came of it; a delivered amount in the agreement's unit, in total."),
    gettext_noop("A statement and the side that made it."),
    gettext_noop("How the statements stand to each other; confirmed is the lower of two within a tenth of each other."),
    gettext_noop("A partnership with its deal, and what may be done now: each act is an address below this one."),
    gettext_noop("Interest of one's own posting in another firm's."),
    gettext_noop(
        "The versions of both postings that were read, so that nothing is accepted that was changed meanwhile."
    ),
    gettext_noop("Why: one of the register's codes `end.partnership.*`, and some words to the other side."),
    gettext_noop("Some words to the other side."),
    gettext_noop("The newest of what happened, in the order taken."),
    gettext_noop("The day after which one answers."),
    gettext_noop("Which of the planned deliveries, by its number; ``version`` is that of the agreement that was read."),
    gettext_noop("Whom to reach at the other firm; empty where nothing was given."),
    gettext_noop("Shared words."),
    gettext_noop("Similar meaning."),
    gettext_noop("Same chain nodes named in the texts."),
    gettext_noop("Same models and specifications."),
    gettext_noop("Why a posting ends: one of the register's codes for its direction."),
    gettext_noop("Why firms are not among the matches, and how many of them; fewer than three are not counted apart."),
    gettext_noop("The reason's text in the asked language."),
    gettext_noop("Who posts, as far as it is told: an alias hides name and key."),
    gettext_noop("How many postings the list would show with this value and the other filters as they are."),
    gettext_noop(
        '``count`` is null and ``shown`` "<3" where fewer than three firms hold a certificate: that is not told.'
    ),
    gettext_noop(
        "Counts beside the values of each filter; ``node`` holds those one level below the node, or the "
        "one chain, chosen."
    ),
    gettext_noop("``total`` is what the list shows under all filters."),
    gettext_noop("A figure as printed somewhere."),
    gettext_noop("One thing that does not fit; ``field`` is empty where it is none."),
    gettext_noop("What is taken and given at once."),
    gettext_noop("A code with its two names."),
    gettext_noop("A posting to begin: it is a draft until it is published."),
    gettext_noop("A node of a chain; its parent is the code without its last part."),
    gettext_noop("A reason code with its text in the asked language and the facts that fill it."),
    gettext_noop("The text, facts filled in."),
    gettext_noop("The enterprise that a system acts for."),
    gettext_noop("A technical requirement, or what a capacity offers."),
    gettext_noop(
        "A paper that people hold or shall hold. Without ``recognition`` whether it counts has to be checked."
    ),
    gettext_noop("A posting of people: what it says of them, and nobody's name."),
    gettext_noop("That the people offered agreed to be named; only `true` is taken."),
    gettext_noop(
        "The rule by which a paper counts on both sides of the border; ``valid_to`` is the first day without it."
    ),
    gettext_noop("A demonstration park; one in two provinces stands in both and counts once."),
    gettext_noop(
        "A park with its partnerships, projects and figures; ``quarters_missing`` begin on these days and are due."
    ),
    gettext_noop("Two parks that cooperate."),
    gettext_noop("What one factor gave, of how much it could give."),
    gettext_noop("A change; ``version`` is the one that was read, so that nobody's change is lost."),
    gettext_noop("A posting in a list. Platform systems, which act for no firm, get the quantity's class alone."),
    gettext_noop("Whether the posting is the asker's own."),
    gettext_noop(
        "A posting with its text and requirements. A sealed price band is shown to nobody, its own side included."
    ),
    gettext_noop("The description, for systems of a firm."),
    gettext_noop("Codes of the nodes that it stands at besides."),
    gettext_noop("An open price band, per unit."),
    gettext_noop("A problem document. ``code`` is stable and meant for programs, ``detail`` is for people."),
    gettext_noop("A cooperation project that the park leads or takes part in, with those of its firms that are shown."),
    gettext_noop("A firm that takes part in a project."),
    gettext_noop("An amount never travels without its unit."),
    gettext_noop("A reason code with both texts; ``side`` tells who can change it."),
    gettext_noop("A region of GB/T 2260; ``valid_to`` is the first day without the code."),
    gettext_noop("The new last day; without one the window stays as it is."),
    gettext_noop("A certificate asked for; a must decides, a wish ranks."),
    gettext_noop("A posting of the same direction that is much like the one asked about; one a firm."),
    gettext_noop("Further similar postings of the same firm."),
    gettext_noop("The most similar postings, best first."),
    gettext_noop("Where several gaps are musts, one change for each is needed."),
    gettext_noop("A counterpart. ``points`` (0 to 100) is the sum of its parts, ``grade`` runs from 1 to 5, 5 best."),
    gettext_noop("Either text was not read for its meaning yet: compared by words and terms alone."),
    gettext_noop(
        "The best counterparts of one's own posting, near misses with what would lift them, and neighbours by node."
    ),
    gettext_noop("The posting's own text was not read for its meaning yet."),
    gettext_noop("A target as announced; without a sourced actual figure its state never says that it was reached."),
    gettext_noop(
        "From where to where. ``cases`` is null for fewer than three firms; a province is what is not told apart."
    ),
    gettext_noop(
        "Flows of one kind: ``total`` cases, ``unplaced`` those without a province, ``open`` more that may belong here."
    ),
    gettext_noop("A unit of measure; amounts convert inside one dimension only."),
    gettext_noop("A certificate to ask for."),
    gettext_noop("A technical requirement to state; ``value`` is a number or a level, as text."),
    gettext_noop("A firm that was introduced to the asker's."),
    gettext_noop("A package in a list; while ``is_sealed_now``, nobody but its maker reads a quote."),
    gettext_noop("Whether the asker's own firm asks for the quotes."),
    gettext_noop("How many needs it holds, for its own firm."),
    gettext_noop("A package with the certificates that every line requires."),
    gettext_noop("Their codes."),
    gettext_noop("A package to begin: a draft that its own firm alone sees until it is published."),
    gettext_noop("The version that was read, so that nothing is published that was changed meanwhile."),
    gettext_noop("A change of a draft; ``version`` is the one that was read, so that nobody's change is lost."),
    gettext_noop("Numbers of one's own needs, drafts or live ones, that become lines."),
    gettext_noop("A line to write as a need of its own; period, region and subject may be left out for what is usual."),
    gettext_noop("Lines to add, all of them or none."),
    gettext_noop(
        "A supplier's quote for a line; ``price`` is for one of the need's unit, ``quantity_amount`` counted in it."
    ),
    gettext_noop(
        "A line as its owner reads it, with the quotes that can be read now, cheapest first; ``number`` is its place."
    ),
    gettext_noop("How many quotes stand, those that are still sealed included."),
    gettext_noop(
        "What one supplier asks for in one currency over all lines that it quoted; tooling and freight not counted."
    ),
    gettext_noop(
        "All lines of one's own package with their quotes side by side, and what each supplier asks for in all."
    ),
    gettext_noop(
        "A line as a supplier reads it: its own quote, with price and quantity in the need's unit, and its own award."
    ),
    gettext_noop("Whether all quotes of the line can be compared and none is cheaper."),
    gettext_noop("The lines that one's own firm may quote."),
    gettext_noop("A price for one of the need's unit; without a quantity all of the line is offered."),
    gettext_noop(
        "Quotes for several lines, in CNY; ``capacity`` is one's own posting for lines that are not talked about yet."
    ),
    gettext_noop("How much of a quote is taken, in the need's unit."),
    gettext_noop(
        "What is awarded, in whole or split: an agreement from the first to the last day is proposed for each."
    ),
    gettext_noop("A capacity and what it is asked to carry, in the need's own unit and period."),
    gettext_noop("A set as one's own firm reads it: ``whole`` for the need's firm, ``own_share`` for a supplier."),
    gettext_noop("A set of suppliers in a list, and the side of it on which one's own firm stands."),
    gettext_noop("A set to ask for one's own need; ``own_amount`` is the part that one's own firm makes."),
    gettext_noop("A share as the need's firm reads it; ``supplier`` under the name that the firm may know."),
    gettext_noop("A supplier and what it would carry, in the need's own unit and period."),
    gettext_noop(
        "A supplier's own share; the other suppliers' names once all have consented, neither shares nor prices ever."
    ),
    gettext_noop("The first and last day of the lot; null where it runs through the need's window."),
    gettext_noop("All of a set, for the need's firm; ``open_amount`` is the most that nobody carries on any day."),
    gettext_noop("Suppliers that carry all of it together; each meets every must of the need."),
    gettext_noop("What may be done now: each is an address below this one, ``add`` is ``shares/``."),
    gettext_noop(
        "Who could carry a quantity of the need: ``singles`` alone, at most three ``sets`` together, best first."
    ),
    gettext_noop("A file to show at one's own posting or package, or in a partnership: name one of the three."),
    gettext_noop("PDF, PNG, JPEG or WebP, at most 20 MB."),
    gettext_noop(
        "The confidentiality agreement between two firms: its text, and until when whose acceptance of it holds."
    ),
    gettext_noop("The file that takes the place of another."),
    gettext_noop("Whether one's own acceptance is missing or ends soon."),
    gettext_noop(
        "Suppliers to ask for all that is open; with ``own_amount`` one's own firm makes that much itself from now on."
    ),
    gettext_noop(
        "A capacity that can carry a part of the gap; ``proposed_amount`` is null for whom a first plan leaves out."
    ),
    gettext_noop("A need for a line of one's own elsewhere, and what came of it."),
    gettext_noop("A partnership about premises or workers; ``supplier`` under the name that the firm may know."),
    gettext_noop(
        "An overflow in a list; ``gap`` is the need that gives the work out, ``remainder_amount`` what nobody carries."
    ),
    gettext_noop(
        "A membership: ``network`` says whose, ``asked_by_us`` who asked; the other firm of the two is ``firm``."
    ),
    gettext_noop(
        "A firm by its credit code or public key: asked into one's own network, or to take one's firm into its."
    ),
    gettext_noop("Whether one's own firm says yes to what the other one asked."),
    gettext_noop("What a listed firm brings, at a node where the list names one."),
    gettext_noop(
        "A firm of the list: ``firm`` is the public key of the enterprise here that it is, where that is known."
    ),
    gettext_noop("What a listed firm brings; a supplier of the first tier where nothing else is said."),
    gettext_noop("A firm as one's own system keeps it, whole; ``supplies`` are all that it brings."),
    gettext_noop("A province, city or district by name or code; kept as it is where it cannot be read."),
    gettext_noop("An overflow with its plan; ``own_amount`` is what a line of one's own elsewhere takes by it."),
    gettext_noop(
        "Orders beyond one's own lines; each need of which they consist is posted by itself, all of them or none."
    ),
    gettext_noop(
        "Overflows here that both sides confirmed an outcome of, as of now; ``count`` is null below three firms."
    ),
    gettext_noop(
        "Partners to ask, and with ``own_amount`` what a line of one's own elsewhere takes; together all that is open."
    ),
    gettext_noop(
        "Whom a plan can ask for what is open, best first, in the gap's own unit; ``room`` is for so many partners."
    ),
    gettext_noop("What one's own lines make of it."),
    gettext_noop("For a line of one's own elsewhere, in m²."),
    gettext_noop("Everybody reads it: leave out your customer and the article number."),
    gettext_noop("The set of partners under `consortia/`, null as long as nobody was asked."),
    gettext_noop("A matchmaking day to which one's own firm was invited, and what it has answered."),
    gettext_noop("A firm that takes part in the day."),
    gettext_noop("What one's own firm wishes of another one; nobody else reads it."),
    gettext_noop("A meeting of one's own firm; ``is_off`` where it fell out."),
    gettext_noop(
        "A day as one's own firm reads it: names of the others once it takes part, a count from three on before."
    ),
    gettext_noop(
        "Whether one's own firm takes part, and in how many meetings at most; null for as many as there are slots."
    ),
    gettext_noop(
        "All that one's own firm wishes; it takes the place of what it said before, and who is left out is left open."
    ),
    gettext_noop("The last day on which no new requests are taken; null takes them again."),
    gettext_noop("Interests to decline for one reason, by their keys; each firm is told it."),
    gettext_noop("What came of one of them: ``code`` and ``detail`` are null where it was declined."),
    gettext_noop("The place in the queue before the other firm: 1 to 10, or `10+`."),
    gettext_noop("Whether it was declined."),
    gettext_noop("The reason why it was not."),
    gettext_noop("Why not, in the asked language."),
    gettext_noop("So many days from the first publication, only members of your network see it; fixed after that."),
)


def in_asked_language(result: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """The description with what is said of shapes and their properties in the language that is active."""
    for shape in result["components"]["schemas"].values():
        for part in (shape, *shape.get("properties", {}).values()):
            if "description" in part:
                part["description"] = translated(part["description"])
    return result


def translated(description: str) -> str:
    """Each paragraph in the active language."""
    return "\n\n".join(part if part.startswith(CHOICES) else gettext(part) for part in description.split("\n\n"))
