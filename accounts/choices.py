"""The lists of accounts: kinds, roles and states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnterpriseKind(models.TextChoices):
    """What an enterprise is."""

    MANUFACTURER = "manufacturer", _("Manufacturer")
    INSTITUTE = "institute", _("Institute")
    PARK_OPERATOR = "park_operator", _("Park operator")
    SERVICE_PROVIDER = "service_provider", _("Service provider")


class Verification(models.TextChoices):
    """How far an enterprise's identity is checked."""

    UNVERIFIED = "unverified", _("Not yet checked")
    PENDING = "pending", _("Being checked")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Rejected")


class Role(models.TextChoices):
    """What a member may do in the enterprise."""

    VIEWER = "viewer", _("Viewer")
    EDITOR = "editor", _("Editor")
    OWNER = "owner", _("Owner")


class MembershipStatus(models.TextChoices):
    """Where a membership stands."""

    REQUESTED = "requested", _("Asked to join")
    ACTIVE = "active", _("Active")
    FORMER = "former", _("Former")


class CheckState(models.TextChoices):
    """Whether a certificate was only claimed or also checked."""

    CLAIMED = "claimed", _("Claimed")
    CHECKED = "checked", _("Checked")
    REJECTED = "rejected", _("Rejected")


class Evidence(models.TextChoices):
    """What a supply relation rests on."""

    AGREED_HERE = "agreed_here", _("Agreed here")
    DECLARED = "declared", _("Declared")
    IMPORTED = "imported", _("Imported")


class SupplyRole(models.TextChoices):
    """Which part the other firm plays in a buyer's network."""

    SUPPLIER = "supplier", _("Supplier")
    DISTRIBUTOR = "distributor", _("Distributor")


class NetworkState(models.TextChoices):
    """Where a membership of a network stands: it holds only where both sides said so."""

    ASKED = "asked", _("Waits for an answer")
    MEMBER = "member", _("Member")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")
    ENDED = "ended", _("Ended")


class PassportLevel(models.TextChoices):
    """Who may open a firm's capability passport; each level includes those before it."""

    CLOSED = "closed", _("Nobody: the passport is closed")
    VERIFIED = "verified", _("Members of verified firms who have the link")
    LINK = "link", _("Everybody who has the link")


class NoticeKind(models.TextChoices):
    """What a notice tells; its text is made where it is shown, in the reader's language."""

    INTEREST_RECEIVED = "interest_received", _("A firm is interested in your posting")
    INTEREST_LET_IN = "interest_let_in", _("Your request has left the queue and reached the firm")
    ANSWER_DUE = "answer_due", _("Please answer: a firm waits until the day that you set")
    INTEREST_SNOOZED = "interest_snoozed", _("The other side asks for more time")
    INTRODUCED = "introduced", _("You have been introduced")
    INTEREST_DECLINED = "interest_declined", _("Your interest was declined")
    INTEREST_WITHDRAWN = "interest_withdrawn", _("An interest in your posting was withdrawn")
    INTEREST_LAPSED = "interest_lapsed", _("An interest has ended without an introduction")
    PARTNERSHIP_ENDED = "partnership_ended", _("The other side does not go on")
    CONSORTIUM_ASKED = "consortium_asked", _("You are asked to carry a part of a need")
    CONSORTIUM_DUE = "consortium_due", _("Please answer: your consent to a share is waited for")
    CONSORTIUM_LAPSED = (
        "consortium_lapsed",
        _("Your consent did not come in time; your partnership goes on without the share"),
    )
    CONSORTIUM_COMPLETE = "consortium_complete", _("All suppliers of the set have consented")
    CONSORTIUM_SHORT = "consortium_short", _("A supplier has left the set: a part is open again")
    CONSORTIUM_DISSOLVED = "consortium_dissolved", _("The set of suppliers is dissolved; each partnership goes on")
    QUOTE_ASKED = "quote_asked", _("A firm asks for quotes")
    QUOTE_RECEIVED = "quote_received", _("A quote for your need")
    QUOTE_UNSURE = "quote_unsure", _("The need has changed: please confirm your quote")
    QUOTE_LAPSED = "quote_lapsed", _("Your quote is no longer valid")
    QUOTE_WITHDRAWN = "quote_withdrawn", _("A quote was withdrawn")
    QUOTE_REFUSED = "quote_refused", _("Your quote was not taken")
    SAMPLE_MOVED = "sample_moved", _("News of a sample")
    PERSON_AGREED = "person_agreed", _("The person offered to you has agreed to be named")
    AGREEMENT_PROPOSED = "agreement_proposed", _("An agreement waits for your signature")
    AGREEMENT_DROPPED = "agreement_dropped", _("The proposed agreement was taken back")
    AGREEMENT_IN_FORCE = "agreement_in_force", _("Both sides have signed")
    DELIVERY_MADE = "delivery_made", _("A delivery waits for your acceptance")
    DELIVERY_ACCEPTED = "delivery_accepted", _("Your delivery was accepted")
    OUTCOME_ASKED = "outcome_asked", _("Please tell what came of it")
    OUTCOME_STATED = "outcome_stated", _("The other side has told the outcome; please tell yours")
    OUTCOME_CONFIRMED = "outcome_confirmed", _("Both sides confirm the outcome")
    OUTCOME_DISPUTED = "outcome_disputed", _("The two statements differ")
    OUTCOME_SUGGESTED = "outcome_suggested", _("A coordinator suggests how to settle the outcome")
    OUTCOME_UNCONFIRMED = "outcome_unconfirmed", _("The outcome was not confirmed in time")
    MESSAGE_RECEIVED = "message_received", _("A message from a firm that you talk with")
    FILE_SHARED = "file_shared", _("A file from a firm that you talk with")
    FILE_REVISED = "file_revised", _("A new revision of a file that you were shown")
    NDA_ACCEPTED = "nda_accepted", _("A firm has accepted the confidentiality agreement")
    QUESTION_ASKED = "question_asked", _("A question about your posting")
    QUESTION_ANSWERED = "question_answered", _("Your question was answered")
    JOIN_REQUESTED = "join_requested", _("Somebody asks to join your enterprise")
    JOIN_ACCEPTED = "join_accepted", _("You can now act for the enterprise")
    JOIN_REFUSED = "join_refused", _("Your request to join was not accepted")
    ROLE_CHANGED = "role_changed", _("Your role in the enterprise changed")
    MEMBER_REMOVED = "member_removed", _("You no longer act for the enterprise")
    ENTERPRISE_VERIFIED = "enterprise_verified", _("Your enterprise is verified")
    ENTERPRISE_REJECTED = "enterprise_rejected", _("Your enterprise could not be verified")
    ENTERPRISE_SUSPENDED = "enterprise_suspended", _("Your enterprise is suspended")
    ENTERPRISE_RESTORED = "enterprise_restored", _("Your enterprise is no longer suspended")
    VERIFICATION_ASKED = "verification_asked", _("An enterprise asks to be verified")
    CERTIFICATE_CHECKED = "certificate_checked", _("A certificate of yours was checked")
    CERTIFICATE_REJECTED = "certificate_rejected", _("A certificate of yours could not be confirmed")
    CERTIFICATE_FLAGGED = "certificate_flagged", _("A certificate is registered twice")
    CONFIRMATION_DUE = "confirmation_due", _("Please confirm that your posting still holds")
    POSTING_HELD = "posting_held", _("Your posting waits for a check")
    POSTING_RELEASED = "posting_released", _("Your posting was checked and is shown")
    POSTING_REJECTED = "posting_rejected", _("Your posting was given back to you")
    APPEAL_RECEIVED = "appeal_received", _("A firm asks for another look at a decision")
    APPEAL_GRANTED = "appeal_granted", _("We looked again and changed the decision")
    APPEAL_UPHELD = "appeal_upheld", _("We looked again and the decision stands")
    NEW_MATCHES = "new_matches", _("New good matches for your postings")
    SEARCH_NEWS = "search_news", _("New postings for searches that you keep")
    REMINDED = "reminded", _("A coordinator reminds you: something waits for your answer")
    CONTACT_REVEALED = "contact_revealed", _("Your contact data were shown to the platform")
    CASE_HANDED = "case_handed", _("A case was handed over to you")
    CLEARING_READY = "clearing_ready", _("Needs that stayed open in this week's clearing are with you")
    CLEARING_GIVEN = "clearing_given", _("A coordinator gave you needs that stayed open in a clearing")
    MEETING_CALLED = "meeting_called", _("A coordinator proposes times for a meeting")
    MEETING_AGREED = "meeting_agreed", _("A meeting has its time")
    MEETING_OFF = "meeting_off", _("A meeting was called off")
    MEETING_UNMATCHED = "meeting_unmatched", _("No proposed time suits both firms")
    DAY_INVITED = "day_invited", _("You are invited to a matchmaking day")
    DAY_CHANGED = "day_changed", _("Place or time of a matchmaking day has changed")
    DAY_WITHDRAWN = "day_withdrawn", _("Your invitation to a matchmaking day was taken back")
    DAY_SCHEDULED = "day_scheduled", _("Your schedule for a matchmaking day is ready")
    DAY_MOVED = "day_moved", _("Your schedule for a matchmaking day has changed")
    DAY_LEFT = "day_left", _("A firm no longer takes part in your matchmaking day")
    DAY_OFF = "day_off", _("A matchmaking day was cancelled")
    HAND_SUGGESTED = "hand_suggested", _("A coordinator suggests a firm for your posting")
    PAIR_PROPOSED = "pair_proposed", _("Another park proposes a partnership with your park")
    FIGURES_DUE = "figures_due", _("Figures of your park are due")
    PAIR_CONFIRMED = "pair_confirmed", _("The other park confirmed the partnership that your park proposed")
    NETWORK_ASKED = "network_asked", _("A firm asks you about its network or yours")
    NETWORK_JOINED = "network_joined", _("A firm has accepted: the network has a new member")
    NETWORK_DECLINED = "network_declined", _("A firm has declined to be in a network with you")
    NETWORK_ASKS_FIRST = "network_asks_first", _("A firm in whose network you are asks you first")
    NETWORK_ENDED = "network_ended", _("A firm has ended a membership of a network")
    NETWORK_PAPERS_END = "network_papers_end", _("Certificates in your network run out")
    PAIR_DECLINED = "pair_declined", _("The other park declined the partnership that your park proposed")


class Topic(models.TextChoices):
    """What notices are about, as a reader chooses how mails about it come."""

    INTERESTS = "interests", _("Interests and introductions")
    DEALS = "deals", _("Quotes, agreements and outcomes")
    TALKS = "talks", _("Messages, files and questions")
    MATCHES = "matches", _("New matches and kept searches")
    POSTINGS = "postings", _("Your own postings")
    ENTERPRISE = "enterprise", _("Your enterprise, its members and certificates")
    PLATFORM = "platform", _("Work of the platform and of parks")


class Pace(models.TextChoices):
    """When notices about a topic are mailed; in the app each stands at once."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, all in one mail")
    WEEKLY = "weekly", _("Once a week, all in one mail")
    NEVER = "never", _("No mail")


TOPICS: dict[Topic, tuple[str, ...]] = {
    Topic.INTERESTS: ("interest_", "introduced", "answer_", "partnership_", "person_", "consortium_", "reminded"),
    Topic.DEALS: ("quote_", "sample_", "agreement_", "delivery_", "outcome_"),
    Topic.TALKS: ("message_", "file_", "nda_", "question_", "meeting_", "day_"),
    Topic.MATCHES: ("new_matches", "search_news", "hand_suggested"),
    Topic.POSTINGS: ("confirmation_due", "posting_"),
    Topic.PLATFORM: ("verification_asked", "certificate_flagged", "appeal_received", "pair_", "case_", "clearing_"),
    Topic.ENTERPRISE: ("",),
}
"""Beginnings of the kinds that belong to a topic; the first that fits counts, and what fits none is the firm's own."""


def topic_of(kind: str) -> Topic:
    """What a notice of this kind is about."""
    return next(topic for topic, starts in TOPICS.items() if kind.startswith(starts))


class ReviewKind(models.TextChoices):
    """What a moderator looks at."""

    POSTING = "posting", _("Posting")
    ENTERPRISE = "enterprise", _("Enterprise to be verified")
    CERTIFICATE = "certificate", _("Certificate")
    SUSPENSION = "suspension", _("Suspension")
    APPEAL = "appeal", _("Appeal")


class ReviewOutcome(models.TextChoices):
    """What became of it."""

    PASSED = "passed", _("released or confirmed")
    REJECTED = "rejected", _("rejected")
    GRANTED = "granted", _("appeal granted")
    UPHELD = "upheld", _("decision upheld")
    WITHDRAWN = "withdrawn", _("no longer waits")


class Verb(models.TextChoices):
    """What happened to a thing."""

    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    PUBLISHED = "published", _("published")
    PAUSED = "paused", _("paused")
    CONFIRMED = "confirmed", _("confirmed")
    CLOSED = "closed", _("closed")
    EXPIRED = "expired", _("expired")
    DELETED = "deleted", _("deleted")
    MOVED = "moved", _("moved to another state")
    GRANTED = "granted", _("granted")
    REVOKED = "revoked", _("revoked")
    VERIFIED = "verified", _("verified")
    REJECTED = "rejected", _("rejected")
    SUSPENDED = "suspended", _("suspended")
    RESTORED = "restored", _("restored")
    TAKEN = "taken", _("taken to look at")
    APPEALED = "appealed", _("appealed")
    SEEN = "seen", _("seen")
    EXPORTED = "exported", _("exported")
    REVEALED = "revealed", _("contact data shown")
    REMINDED = "reminded", _("reminded")
    NOTED = "noted", _("noted")


class LookedBy(models.TextChoices):
    """As what somebody looked into a firm's business; the firm learns this, not the name."""

    PLATFORM = "platform", _("platform administrator")
    COORDINATOR = "coordinator", _("coordinator")
    MODERATOR = "moderator", _("moderator")
    COUNTERPART = "counterpart", _("the firm that you were introduced to")


class ApiScope(models.TextChoices):
    """What a partner system may ask the REST door for."""

    REFERENCE_READ = "reference:read", _("Read regions, chains, certificates, units and reason codes")
    POSTINGS_READ = "postings:read", _("Read postings")
    POSTINGS_WRITE = "postings:write", _("Write and publish your postings")
    SUGGESTIONS_READ = "suggestions:read", _("Read the suggestions for your postings")
    MESSAGES_READ = "messages:read", _("Read the messages and the list of files of your partnerships")
    MESSAGES_WRITE = "messages:write", _("Write messages in your partnerships")
    QUESTIONS_READ = "questions:read", _("Read questions about postings, and their answers")
    QUESTIONS_WRITE = "questions:write", _("Ask about others' postings and answer what is asked about yours")
    FILES_READ = "files:read", _("Download files that are handed out to your firm; each download is recorded")
    FILES_WRITE = "files:write", _("Show files to other firms, replace them and take them back")
    PARTNERSHIPS_READ = "partnerships:read", _("Read your partnerships with their quotes and agreements")
    PARTNERSHIPS_WRITE = "partnerships:write", _("Declare and answer interest, quote, deliver and tell outcomes")
    PACKAGES_READ = "packages:read", _("Read your packages and those that you may quote for, with their quotes")
    PACKAGES_WRITE = "packages:write", _("Write packages, quote for their lines and award them")
    CONSORTIA_READ = "consortia:read", _("Read sets of suppliers for your needs, and your shares in others'")
    CONSORTIA_WRITE = "consortia:write", _("Ask suppliers for shares, and consent to your own or leave")
    OVERFLOWS_READ = "overflows:read", _("Read your overflows: orders, own lines and the plan")
    OVERFLOWS_WRITE = "overflows:write", _("Post overflows with their needs, and ask partners by a plan")
    NETWORK_READ = "network:read", _("Read who is in your firm's network, in whose it is, and your list of suppliers")
    NETWORK_WRITE = "network:write", _("Ask firms into your network, answer and end memberships, keep your list")
    DAYS_READ = "days:read", _("Read matchmaking days of your firm, with its own wishes and schedule")
    DAYS_WRITE = "days:write", _("Answer invitations to matchmaking days and say whom you wish to meet")
    CONTACTS_READ = "contacts:read", _("Read contact data once both sides agreed; each look is recorded")
    PARKS_READ = "parks:read", _("Read parks, their partnerships and figures")
    FACTS_READ = "facts:read", _("Read quoted facts and targets")
