"""What the description of the API says of each operation, in both languages."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from api.exceptions import PROBLEM_TYPE, TITLES, ProblemSerializer
from api.throttling import HEADERS
from api.v1.examples import PROBLEMS, REQUESTS, RESPONSES
from api.v1.sentences import OF_CONSORTIA, OF_DAYS, OF_FILES, OF_NETWORKS, OF_OVERFLOWS, OF_PACKAGES, OF_TALENT, Told
from matchmaking.talks.choices import MEDIA_TYPES

Direction = Literal["request", "response"]
EVERYWHERE, WITH_BODY = {400, 401, 403, 406, 429, 503}, {409, 413, 415, 422}
IN_A_STATE = (
    "postings_suggestions",
    "postings_delete",
    "packages_delete",
    "packages_remove_line",
    "postings_supplier_sets",
    "consortia_replacements",
    "overflows_partners",
    "files_download",
    "files_withdraw",
    "partnerships_confidentiality",
    "suppliers_remove",
)
"""Operations without a body that want a thing in a certain state."""
BESIDE_OTHERS = ("postings_change", "postings_delete", "partnerships_get")
"""Operations whose address takes ``counts``, which is only read, for a number, or ``decline`` for a key."""
ANSWERED_AS = {
    "files_download": tuple(MEDIA_TYPES.values()),
    "hydrogen_balance": ("application/json", "text/csv"),
}
"""Media types of operations that answer not with JSON alone."""

OPERATIONS = {
    **OF_PACKAGES,
    **OF_CONSORTIA,
    **OF_OVERFLOWS,
    **OF_NETWORKS,
    **OF_DAYS,
    **OF_FILES,
    **OF_TALENT,
    "entrance": Told(
        _("The entries of version 1, by name"),
        _("Begin here: each entry is an address to read next. Any token will do."),
    ),
    "me": Told(
        _("The asking system itself"),
        _(
            "For which firm it acts, with which scopes, until when, when it last asked, and how much it may "
            "ask at once."
        ),
    ),
    "regions_list": Told(
        _("Regions by GB/T 2260"),
        _("Regions of Sichuan and Chongqing whose code holds today, or on the day `as_of`, by code."),
    ),
    "regions_get": Told(
        _("One region"),
        _("Also answers for a closed code, with the day it ended and its successor: old rows name it still."),
    ),
    "chains_list": Told(_("Industrial chains"), _("The chains that may be chosen, by code.")),
    "chains_get": Told(_("One chain"), _("Retired ones are answered too.")),
    "nodes_list": Told(
        _("Nodes of the chains"),
        _("Products, processes and services at which postings stand, by code. `q` finds them as the node picker does."),
    ),
    "nodes_get": Told(_("One node"), _("Retired ones are answered too.")),
    "certificates_list": Told(
        _("Certificates"), _("Certificates that a firm can hold and a need can ask for, by code.")
    ),
    "certificates_get": Told(_("One certificate"), _("Retired ones are answered too.")),
    "units_list": Told(_("Units of measure"), _("Amounts convert inside one dimension only, by `factor_to_base`.")),
    "reasons_list": Told(
        _("The register of reason codes"),
        _(
            "Every code that a suggestion, a refusal or a closing can name, with both texts, in one piece. A "
            "code is never renamed or reused; `side` tells who can change it."
        ),
    ),
    "postings_list": Told(
        _("Postings"),
        _(
            "Live needs and capacities of all firms, with the filters and orders of the pages; `mine=true` "
            "or `status` reads one's own in any state. Without `sort` the newest row numbers come first. "
            "`sort` wants a `direction`."
        ),
    ),
    "postings_create": Told(
        _("Begin a posting"),
        _("Makes a draft of your firm; publish it with `publish/`. 422 names each field that does not fit."),
    ),
    "postings_get": Told(
        _("One posting"),
        _(
            "With text, requirements and open price as a signed-in firm sees them. 404 also where it is not "
            "shown to you."
        ),
    ),
    "postings_change": Told(
        _("Change a posting"),
        _(
            "Fields that are left out stay as they are. `version` is the one that you read; 409 `stale` when "
            "somebody changed it meanwhile."
        ),
    ),
    "postings_delete": Told(
        _("Throw a draft away"), _("Only a draft of your own; 409 for anything else: close it instead.")
    ),
    "postings_publish": Told(
        _("Publish a draft"),
        _("The posting as it is shown now, or as it waits for a check (`in_review`). 422 names what is missing."),
    ),
    "postings_pause": Told(_("Pause a posting"), _("Takes it out of lists and matching for a while.")),
    "postings_resume": Told(_("Show a paused posting again"), _("Confirmed as of today; 422 when its window is over.")),
    "postings_confirm": Told(_("Confirm that a posting still holds"), _("Twice on one day counts once.")),
    "postings_set_busy": Told(
        _("Take no new requests until a day"),
        _(
            "Everybody reads the day before they ask, and suggestions call the posting busy; requests that wait "
            "already stay. `until` null ends it."
        ),
    ),
    "postings_open": Told(
        _("Open a posting to everybody now"),
        _("One that asks your own network first; it is published anew. 409 `refusal.already_there` once it is open."),
    ),
    "postings_renew": Told(
        _("Renew a posting"),
        _("With another last day or without; shown again where it had expired. 422 for a last day that is over."),
    ),
    "messages_list": Told(
        _("Messages"),
        _(
            "Messages of all partnerships of your firm, the newest first; `partnership` narrows them to one. Reading "
            "here marks nothing as read on the pages."
        ),
    ),
    "messages_send": Told(
        _("Write a message"),
        _(
            "To the other firm of a partnership, from mutual interest until it ends; its members are told. 404 where "
            "the partnership is not your firm's, 409 where nobody may write now."
        ),
    ),
    "questions_list": Told(
        _("Questions"),
        _(
            "What is answered about postings that your firm may see, what your firm asked, and what it was asked; the "
            "newest first. `posting` narrows them to one, `is_answered` to those with or without an answer."
        ),
    ),
    "questions_ask": Told(
        _("Ask about a posting"),
        _(
            "Of another firm that your firm may see. Nobody is told who asks; the answer is read by all who may read "
            "the posting. 422 for contact data in the text, 409 for one's own posting or one that is not published."
        ),
    ),
    "questions_answer": Told(
        _("Answer a question"),
        _("Once, for all who may read your posting. 404 where it is not asked about a posting of your firm."),
    ),
    "files_list": Told(
        _("Files"),
        _(
            "The newest revision of each file that your firm shows or may know of. Their pages are looked at on the "
            "site, where each look is written down for the firm that shows them."
        ),
    ),
    "postings_plan_months": Told(
        _("Plan the months of a capacity"),
        _("Months not named stay as they are. 409 for a need or a stock, 422 where less is planned than agreed."),
    ),
    "postings_close": Told(
        _("Close a posting"),
        _("For one of the reasons of its direction: `end.need.*` or `end.capacity.*` of the register."),
    ),
    "postings_copy": Told(_("Copy a posting"), _("A new draft that says the same, without window and own number.")),
    "partnerships_list": Told(
        _("Your partnerships"),
        _("Interests, talks and agreements of your firm, by state or by one of your postings, the newest first."),
    ),
    "partnerships_create": Told(
        _("Declare interest"),
        _(
            "Of one of your postings in another firm's. Both are introduced at once where the other side asked you. "
            "Where that firm has as many to answer as it can be asked, yours is `queued` and tells its `queue_place`."
        ),
    ),
    "partnerships_get": Told(
        _("One partnership"),
        _("With its deal and `allowed_acts`: each is an address below this one, but for `sign` and `view_contact`."),
    ),
    "partnerships_contact": Told(
        _("Contact data of the other firm"), _("Once both sides agreed; the look is recorded and shown to that firm.")
    ),
    "partnerships_accept": Told(
        _("Accept an interest"),
        _("Both are introduced. 409 where a posting is no longer at the version that you read."),
    ),
    "partnerships_decline": Told(_("Decline an interest"), _("For one of the reasons `end.partnership.*`.")),
    "partnerships_decline_many": Told(
        _("Decline several interests"),
        _(
            "For one reason, each by itself: one that was answered meanwhile is told in its row and "
            "keeps none of the others."
        ),
    ),
    "partnerships_snooze": Told(_("Ask for time to answer"), _("The other side is told the day.")),
    "partnerships_withdraw": Told(_("Withdraw your interest"), _("While it waits for an answer.")),
    "partnerships_end": Told(
        _("End talks or an agreement"), _("For one of the reasons `end.partnership.*`; what was booked is free again.")
    ),
    "partnerships_quote": Told(
        _("Quote for the need"), _("An earlier quote of yours is replaced. 422 names each term that does not fit.")
    ),
    "partnerships_confirm_quote": Told(_("Confirm your quote"), _("After a change of the need it may still hold.")),
    "partnerships_withdraw_quote": Told(_("Withdraw your quote"), _("As long as it was not awarded.")),
    "partnerships_refuse_quote": Told(_("Refuse a quote"), _("Its maker is told the reason and may quote again.")),
    "partnerships_ask_sample": Told(_("Ask for a sample"), _("With the revision of the drawing as a note.")),
    "partnerships_send_sample": Told(_("Say that the sample was sent"), _("By the side that supplies.")),
    "partnerships_receive_sample": Told(_("Say that the sample has come"), _("By the side that needs.")),
    "partnerships_pass_sample": Told(_("Pass the sample"), _("By the side that needs.")),
    "partnerships_fail_sample": Told(_("Fail the sample"), _("By the side that needs, with the reason as a note.")),
    "partnerships_propose": Told(
        _("Propose an agreement"),
        _("Or the next version of the one in force. It is signed on the page, with a password or a code."),
    ),
    "partnerships_take_back": Told(_("Take a proposal back"), _("By either side, until both have signed.")),
    "partnerships_deliver": Told(_("Say that a delivery was made"), _("By the side that supplies.")),
    "partnerships_take_delivery": Told(_("Accept a delivery"), _("By the side that needs.")),
    "partnerships_state_outcome": Told(
        _("Say what came of it"), _("It counts once both sides tell the same, within a tenth.")
    ),
    "postings_suggestions": Told(
        _("Suggestions for a posting"),
        _(
            "The best twenty counterparts of your own posting, one a firm, with points, reasons, gaps and "
            "hints; near misses, neighbours by node, and why others are not among them. 409 for a posting "
            "that is not published."
        ),
    ),
    "postings_similar": Told(
        _("Similar postings"),
        _(
            "Postings of other firms in the same direction that are most like this one, by words and chain node, one a "
            "firm, best first. Your own firm's are left out."
        ),
    ),
    "postings_counts": Told(
        _("Counts beside the filters"),
        _(
            "How many postings the list would show with each value of a filter and the other filters as they are, for "
            "one direction. Certificates that fewer than three firms hold are not counted apart."
        ),
    ),
    "parks_list": Told(
        _("Demonstration parks"), _("By slug. A park in two provinces is found under both and listed once.")
    ),
    "parks_get": Told(_("One park"), _("With its partnerships as of a day and the figures that it reported.")),
    "park_partnerships_list": Told(
        _("Partnerships between parks"),
        _(
            "Pairs with kind, direction, clusters, notice and state: those that stood on the day `as_of`, or "
            "stand today."
        ),
    ),
    "park_batches_list": Told(
        _("Batches of parks"),
        _("As announced by the day `as_of`. Parks that no source names are counted as not yet named."),
    ),
    "facts_list": Told(
        _("Quoted facts"),
        _("Figures as printed somewhere, as text with unit, period and source. Do not compute with them."),
    ),
    "agreements_list": Told(
        _("Framework agreements"),
        _("With parties, tasks, documents and steps, each with its source. Expired ones stay."),
    ),
    "targets_list": Told(
        _("Announced targets"), _("With their due years. None is called reached without a sourced figure.")
    ),
    "flows_get": Told(
        _("Flows between regions"),
        _(
            "From the region of the need to that of the capacity, each case once at its furthest step. No figure and "
            "no difference of two figures stands for fewer than three firms on either side."
        ),
    ),
    "weak_links_get": Told(
        _("Weak links"),
        _(
            "Where the chains are thin: each node with its score and the parts of it, the needs that no capacity fits "
            "and why, and the last weeks. Counted anew within a minute of a change; the figures of the page."
        ),
    ),
    "hydrogen_balance": Told(
        _("Balance of hydrogen"),
        _(
            "Hydrogen wanted by the fleet against what is on offer, by place and month, in kilograms, with stores and "
            "haulage. `assumption` is what the demand rests on; before one was entered it is null and there is no "
            "balance. Quantities of postings count as the floor of their class. `form=csv` gives the same as a table."
        ),
    ),
    "hydrogen_facilities": Told(
        _("Stations, supply bases and stores"),
        _("With state, day and source; `kg_per_day` in kg/d, `pressure_mpa` in MPa, `purity_percent` by volume."),
    ),
    "hydrogen_batches": Told(
        _("Fleet batches"), _("Vehicles by batch and place, with state, days and source. Announced ones are facts.")
    ),
    "hydrogen_lines": Told(
        _("Lines of the hydrogen corridor"),
        _("With stops and the stretches without a running station, in kilometres as the crow flies from stop to stop."),
    ),
}
QUOTA_TEXTS = (
    _("Calls that a system may make in a minute."),
    _("Calls left in this minute."),
    _("Seconds until the next minute begins."),
)


class DescribedOperation(AutoSchema):
    """Adds to every operation its words in the asked language, examples, and the errors that it can answer with."""

    def get_summary(self) -> str:
        """A few words."""
        return str(OPERATIONS[self.get_operation_id()].summary)

    def get_description(self, path: str = "", method: str = "") -> str:
        """Some sentences."""
        return str(OPERATIONS[self.get_operation_id()].description)

    def get_examples(self) -> list[OpenApiExample]:
        """A body that is taken, and the main answer."""
        name = self.get_operation_id()
        found = []
        if name in REQUESTS:
            sent_as = self.map_parsers()[0]
            found.append(OpenApiExample("example", value=REQUESTS[name], request_only=True, media_type=sent_as))
        for answered_as in ANSWERED_AS.get(name, (None,)) if name in RESPONSES else ():
            told = RESPONSES.get(f"{name} {answered_as}", RESPONSES[name])
            found.append(OpenApiExample("example", value=told, response_only=True, media_type=answered_as))
        return found

    def get_override_parameters(self) -> list[Any]:
        """Headers of answers: the quota, and the time to wait."""
        counted = [200, 201, 204, 429]
        headers = [
            OpenApiParameter(name, OpenApiTypes.INT, OpenApiParameter.HEADER, description=str(text), response=counted)
            for name, text in zip(HEADERS, QUOTA_TEXTS, strict=True)
        ]
        waiting = str(_("Seconds to wait before the next call."))
        return [
            *headers,
            OpenApiParameter(
                "Retry-After", OpenApiTypes.INT, OpenApiParameter.HEADER, description=waiting, response=[429, 503]
            ),
        ]

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in self.possible_errors():
            example = OpenApiExample("example", value=PROBLEMS[code])
            described = OpenApiResponse(ProblemSerializer, description=str(TITLES[code]), examples=[example])
            bodies[str(code)] = self._get_response_for_code(described, str(code), [PROBLEM_TYPE], direction)
        return bodies

    def possible_errors(self) -> list[int]:
        """Status codes: those of every operation, of those with a body, and of those with a name in the address."""
        found = set(EVERYWHERE)
        if self.method in ("POST", "PUT", "PATCH"):
            found |= WITH_BODY
        if "{" in self.path:
            found.add(404)
        if self.get_operation_id() in BESIDE_OTHERS:
            found.add(405)
        if self.get_operation_id() in IN_A_STATE:
            found.add(409)
        return sorted(found)


def share_problems(result: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """The description with each kind of problem told once, and named by the operations that can answer with it."""
    shared: dict[str, Any] = {}
    for operations in result["paths"].values():
        for operation in operations.values():
            for code, answer in operation["responses"].items():
                if PROBLEM_TYPE in answer.get("content", {}):
                    shared[f"Problem{code}"] = answer
                    operation["responses"][code] = {"$ref": f"#/components/responses/Problem{code}"}
    result["components"]["responses"] = dict(sorted(shared.items()))
    return result
