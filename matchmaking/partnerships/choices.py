"""States of a partnership and the moves between them, in one table."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a partnership stands."""

    SUGGESTED = "suggested", _("Suggested")
    QUEUED = "queued", _("Waits in the queue")
    INTERESTED = "interested", _("Interested")
    MUTUAL = "mutual", _("Mutual interest")
    INTRODUCED = "introduced", _("Introduced")
    QUOTING = "quoting", _("Quoting")
    SAMPLING = "sampling", _("Sampling")
    AGREED = "agreed", _("Agreed")
    DELIVERING = "delivering", _("Delivering")
    COMPLETED = "completed", _("Completed")
    FAILED = "failed", _("Ended")


class Side(models.TextChoices):
    """Which side of the partnership acts."""

    NEED = "need", _("the side that needs")
    CAPACITY = "capacity", _("the side that supplies")
    PLATFORM = "platform", _("the platform")


class Act(models.TextChoices):
    """What is done to a partnership."""

    DECLARE_INTEREST = "declare_interest", _("Declare interest")
    QUEUE = "queue", _("Wait in the queue")
    LET_IN = "let_in", _("Let in from the queue")
    ACCEPT = "accept", _("Accept")
    ACCEPT_AHEAD = "accept_ahead", _("Accepted ahead")
    SNOOZE = "snooze", _("Ask for time")
    INTRODUCE = "introduce", _("Introduce")
    DECLINE = "decline", _("Decline")
    WITHDRAW = "withdraw", _("Withdraw")
    LAPSE = "lapse", _("Interest lapsed")
    END = "end", _("End")
    VIEW_CONTACT = "view_contact", _("Contact data seen")
    PERSON_AGREED = "person_agreed", _("The person offered has agreed")
    QUOTE = "quote", _("Quote")
    CONFIRM_QUOTE = "confirm_quote", _("Confirm the quote")
    WITHDRAW_QUOTE = "withdraw_quote", _("Withdraw the quote")
    REFUSE_QUOTE = "refuse_quote", _("Refuse the quote")
    ASK_SAMPLE = "ask_sample", _("Ask for a sample")
    SEND_SAMPLE = "send_sample", _("Sample sent")
    RECEIVE_SAMPLE = "receive_sample", _("Sample received")
    PASS_SAMPLE = "pass_sample", _("Sample passed")
    FAIL_SAMPLE = "fail_sample", _("Sample failed")
    PROPOSE = "propose", _("Propose an agreement")
    TAKE_BACK = "take_back", _("Take the proposal back")
    SIGN = "sign", _("Sign")
    AGREE = "agree", _("Agree")
    DELIVER = "deliver", _("Delivered")
    TAKE_DELIVERY = "take_delivery", _("Delivery accepted")
    STATE_OUTCOME = "state_outcome", _("Outcome told")
    SUGGEST_OUTCOME = "suggest_outcome", _("Outcome suggested by a coordinator")
    COMPLETE = "complete", _("Complete")


class By(models.TextChoices):
    """Who makes a move."""

    ASKER = "asker", _("who declared interest")
    ASKED = "asked", _("who was asked")
    EITHER = "either", _("either side")
    NEED = "need", _("the side that needs")
    CAPACITY = "capacity", _("the side that supplies")
    PLATFORM = "platform", _("the platform")


class Move(NamedTuple):
    """What an act leads to, and who may do it."""

    to: State
    by: By


CONSENTED = (
    State.MUTUAL,
    State.INTRODUCED,
    State.QUOTING,
    State.SAMPLING,
    State.AGREED,
    State.DELIVERING,
    State.COMPLETED,
)
"""States in which both sides have agreed to show each other's contact data."""
WAITING = (State.QUEUED, State.INTERESTED)
"""States in which a request waits: in the queue before the other firm, or for its answer."""
TALKING = (State.INTRODUCED, State.QUOTING, State.SAMPLING)
"""States in which both firms talk and nothing is signed."""
BOUND = (State.AGREED, State.DELIVERING)
"""States in which an agreement is in force."""
INTRODUCED = (*TALKING, *BOUND, State.COMPLETED)
"""States after the introduction that have not failed."""
OPEN = (State.SUGGESTED, *WAITING, *CONSENTED[:-1])
"""States in which something is still to be done."""

MOVES: dict[tuple[State, Act], Move] = {
    (State.SUGGESTED, Act.DECLARE_INTEREST): Move(State.INTERESTED, By.ASKER),
    (State.SUGGESTED, Act.QUEUE): Move(State.QUEUED, By.ASKER),
    (State.QUEUED, Act.LET_IN): Move(State.INTERESTED, By.PLATFORM),
    (State.QUEUED, Act.WITHDRAW): Move(State.FAILED, By.ASKER),
    (State.QUEUED, Act.LAPSE): Move(State.FAILED, By.PLATFORM),
    (State.INTERESTED, Act.ACCEPT): Move(State.MUTUAL, By.ASKED),
    (State.INTERESTED, Act.ACCEPT_AHEAD): Move(State.MUTUAL, By.PLATFORM),
    (State.INTERESTED, Act.SNOOZE): Move(State.INTERESTED, By.ASKED),
    (State.INTERESTED, Act.DECLINE): Move(State.FAILED, By.ASKED),
    (State.INTERESTED, Act.WITHDRAW): Move(State.FAILED, By.ASKER),
    (State.INTERESTED, Act.LAPSE): Move(State.FAILED, By.PLATFORM),
    (State.MUTUAL, Act.INTRODUCE): Move(State.INTRODUCED, By.PLATFORM),
    **{(state, Act.QUOTE): Move(State.QUOTING, By.CAPACITY) for state in (State.INTRODUCED, State.QUOTING)},
    (State.SAMPLING, Act.QUOTE): Move(State.SAMPLING, By.CAPACITY),
    **{
        (state, act): Move(state, by)
        for state in (State.QUOTING, State.SAMPLING)
        for act, by in (
            (Act.CONFIRM_QUOTE, By.CAPACITY),
            (Act.WITHDRAW_QUOTE, By.CAPACITY),
            (Act.REFUSE_QUOTE, By.NEED),
        )
    },
    **{(state, Act.ASK_SAMPLE): Move(State.SAMPLING, By.NEED) for state in (State.INTRODUCED, State.QUOTING)},
    (State.SAMPLING, Act.SEND_SAMPLE): Move(State.SAMPLING, By.CAPACITY),
    (State.SAMPLING, Act.RECEIVE_SAMPLE): Move(State.SAMPLING, By.NEED),
    (State.SAMPLING, Act.PASS_SAMPLE): Move(State.QUOTING, By.NEED),
    (State.SAMPLING, Act.FAIL_SAMPLE): Move(State.QUOTING, By.NEED),
    **{
        (state, act): Move(state, By.EITHER)
        for state in (*TALKING, *BOUND)
        for act in (Act.PROPOSE, Act.TAKE_BACK, Act.SIGN)
    },
    **{(state, Act.AGREE): Move(State.AGREED, By.PLATFORM) for state in TALKING},
    **{(state, Act.AGREE): Move(state, By.PLATFORM) for state in BOUND},
    **{(state, Act.DELIVER): Move(State.DELIVERING, By.CAPACITY) for state in BOUND},
    (State.DELIVERING, Act.TAKE_DELIVERY): Move(State.DELIVERING, By.NEED),
    **{(state, Act.STATE_OUTCOME): Move(state, By.EITHER) for state in BOUND},
    **{(state, Act.SUGGEST_OUTCOME): Move(state, By.PLATFORM) for state in BOUND},
    **{(state, Act.COMPLETE): Move(State.COMPLETED, By.PLATFORM) for state in BOUND},
    **{(state, Act.LAPSE): Move(State.FAILED, By.PLATFORM) for state in BOUND},
    **{(state, Act.END): Move(State.FAILED, By.EITHER) for state in (*TALKING, *BOUND)},
    **{(state, Act.PERSON_AGREED): Move(state, By.CAPACITY) for state in INTRODUCED},
    **{(state, Act.VIEW_CONTACT): Move(state, By.EITHER) for state in CONSENTED},
}
"""From a state, by an act, to the next state; what is not here is refused. docs/state-machine.md is drawn from it."""

ASKING = (Act.DECLARE_INTEREST, Act.QUEUE)
"""Acts by which a firm asks another one."""
REACHING = (Act.DECLARE_INTEREST, Act.LET_IN)
"""Acts by which a request reaches the firm that is asked: its time to answer begins."""

STEPS: tuple[tuple[State, ...], ...] = (
    (State.SUGGESTED,),
    (State.INTERESTED, State.QUEUED),
    (State.MUTUAL,),
    (State.INTRODUCED, State.QUOTING, State.SAMPLING),
    (State.AGREED, State.DELIVERING),
    (State.COMPLETED,),
)
"""The six steps that a page shows, each with the states that belong to it."""


class RfqState(models.TextChoices):
    """Where a request for quotation stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Takes quotes")
    CLOSED = "closed", _("Closed")


class LineState(models.TextChoices):
    """Where one line of a request stands, as its owner reads it."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("Waits for a check")
    UNQUOTED = "unquoted", _("No quote yet")
    SEALED = "sealed", _("Quotes sealed")
    QUOTED = "quoted", _("Quoted")
    UNSURE = "unsure", _("To be confirmed")
    PROPOSED = "proposed", _("Award waits for signatures")
    AWARDED = "awarded", _("Awarded")
    OVER = "over", _("No longer open")


class QuoteState(models.TextChoices):
    """Where a quote stands."""

    OPEN = "open", _("Stands")
    UNSURE = "unsure", _("To be confirmed: the need has changed")
    REPLACED = "replaced", _("Replaced by a newer one")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("Refused")
    AWARDED = "awarded", _("Awarded")
    LAPSED = "lapsed", _("No longer valid")


STANDING = (QuoteState.OPEN, QuoteState.UNSURE)
"""States of a quote that has not been answered."""


class FreightPayer(models.TextChoices):
    """Who pays the freight."""

    BUYER = "buyer", _("the buyer")
    SUPPLIER = "supplier", _("the supplier")


class AgreementState(models.TextChoices):
    """Where one version of an agreement stands."""

    PROPOSED = "proposed", _("Waiting for signatures")
    IN_FORCE = "in_force", _("In force")
    REPLACED = "replaced", _("Replaced by a newer version")
    TAKEN_BACK = "withdrawn", _("Taken back")
    ENDED = "ended", _("Ended")


class Answer(models.TextChoices):
    """What one side says came of a partnership."""

    YES = "yes", _("Yes")
    NOT_YET = "not_yet", _("Not yet")
    FAILED = "failed", _("It failed")


class OutcomeState(models.TextChoices):
    """How the statements of both sides stand to each other."""

    OPEN = "open", _("To be told")
    CONFIRMED = "confirmed", _("Confirmed by both sides")
    DISPUTED = "disputed", _("The statements differ")
    FAILED = "failed", _("Failed, as both sides say")
    UNCONFIRMED = "unconfirmed", _("Not confirmed in time")
    ENDED = "ended", _("Ended without an outcome")


class ValueBand(models.TextChoices):
    """How much money a delivery was worth, in CNY."""

    UNDER_100K = "lt100k", _("under 100,000")
    UNDER_1M = "lt1m", _("100,000 to 1 million")
    UNDER_10M = "lt10m", _("1 to 10 million")
    UNDER_100M = "lt100m", _("10 to 100 million")
    OVER_100M = "ge100m", _("100 million and more")
