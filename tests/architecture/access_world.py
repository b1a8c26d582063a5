"""One firm's things and everybody who may ask for them, for the access table."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from accounts.models import Enterprise, User
from matchmaking.consortia.services.overflowing import begin_overflow
from matchmaking.hydrogen.models import RoundOffer
from matchmaking.insights.services.weaklinks.refreshing import refresh_weak_links
from matchmaking.partnerships.models import Rfq, RfqLine
from matchmaking.talks.services.files import share_at_posting
from matchmaking.talks.services.questions import ask_question
from tests.api.conftest import EVERYTHING, Partner
from tests.architecture.access_table import World
from tests.conftest import LOGIN_BACKEND
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseContactFactory,
    EnterpriseFactory,
    EquipmentFactory,
    InvitationFactory,
    MembershipFactory,
    NetworkMembershipFactory,
    NoticeFactory,
    PassportFactory,
    ReviewFactory,
    SiteFactory,
    SupplyRelationFactory,
    UserFactory,
)
from tests.factories.consortia import together
from tests.factories.days import DayMeetingFactory, GuestFactory
from tests.factories.desk import CaseFactory, HandPairFactory, MeetingTimeFactory
from tests.factories.hydrogen import (
    FacilityFactory,
    FleetBatchFactory,
    HaulageRouteFactory,
    RoundFactory,
    hydrogen_posting,
)
from tests.factories.insights import ClearingLineFactory, FrameworkAgreementFactory
from tests.factories.overflows import wanted
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkAdministratorFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory, SavedSearchFactory
from tests.factories.talks import upload
from tests.matchmaking.partnerships.talks import talks


class AdminArguments(dict[str, Any]):
    """Arguments by route; an address of the administration names the first row of its model."""

    def get(self, name: str, default: Any = None) -> Any:
        """The argument called ``name``, found in the world or in the tables."""
        if name in self:
            return self[name]
        route, _separator, argument = name.rpartition(":")
        if argument in ("object_id", "version"):
            for model in apps.get_models():
                if route.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
                    first = model._default_manager.values_list("pk", flat=True).order_by("pk").first() or 1
                    if argument == "object_id":
                        return first
                    versions = model.history.filter(**{model._meta.pk.attname: first})
                    return versions.values_list("history_id", flat=True).order_by("history_id").first() or 1
        return default


def signed_in(user: User) -> Client:
    """A client for ``user``; errors come back as statuses, as a visitor would see them."""
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=LOGIN_BACKEND)
    return client


def member(firm: Enterprise, **traits: bool) -> Client:
    """A client for a new member of ``firm``."""
    return signed_in(MembershipFactory(enterprise=firm, **traits).user)


def make_world() -> World:
    """Firm A with a thing of each kind, firm B with a capacity that fits, a park of A's region and another park."""
    firm, other = EnterpriseFactory(), EnterpriseFactory()
    EnterpriseContactFactory(enterprise=firm)
    EnterpriseContactFactory(enterprise=other)
    owner = MembershipFactory(enterprise=firm)
    park_admin, other_park_admin = ParkAdministratorFactory(), ParkAdministratorFactory()
    full, narrow = Partner(firm, owner.user, EVERYTHING), Partner(firm, owner.user, ("reference:read",))
    clients = {
        "visitor": Client(raise_request_exception=False),
        "user": signed_in(UserFactory()),
        "viewer": member(firm, viewer=True),
        "editor": member(firm, editor=True),
        "owner": signed_in(owner.user),
        "other_firm": member(other),
        "coordinator": signed_in(CoordinatorGrantFactory().user),
        "park_admin": signed_in(park_admin.user),
        "other_park_admin": signed_in(other_park_admin.user),
        "platform_admin": signed_in(UserFactory(platform_admin=True, totp=True)),
        "client": Client(raise_request_exception=False),
        "client_without_scope": Client(raise_request_exception=False),
    }
    headers = {
        "client": {"Authorization": f"Bearer {full.token}"},
        "client_without_scope": {"Authorization": f"Bearer {narrow.token}"},
    }
    arguments = arguments_of(firm, other, owner.user, park_admin.park)
    refresh_weak_links(whole=True)
    return World(arguments, clients, headers)


def rows_of_accounts(firm: Enterprise, owner: User) -> dict[str, int]:
    """Keys of firm A's people, papers and plants, by the address in which each stands."""
    site, certificate = SiteFactory(enterprise=firm), EnterpriseCertificateFactory(enterprise=firm)
    asked = MembershipFactory(enterprise=firm, requested=True)
    return {
        "accept_join_request": asked.pk,
        "refuse_join_request": asked.pk,
        "add_equipment": site.pk,
        "edit_site": site.pk,
        "remove_site": site.pk,
        "confirm_equipment": EquipmentFactory(site=site).pk,
        "remove_equipment": EquipmentFactory(site=site).pk,
        "edit_equipment": EquipmentFactory(site=site).pk,
        "equipment_photo": EquipmentFactory(site=site, with_photo=True).pk,
        "cancel_invitation": InvitationFactory(enterprise=firm, token="sample-token").pk,
        "certificate_evidence": certificate.pk,
        "edit_certificate": certificate.pk,
        "remove_certificate": certificate.pk,
        "member_role": MembershipFactory(enterprise=firm, viewer=True).pk,
        "remove_member": MembershipFactory(enterprise=firm, viewer=True).pk,
        "notice": NoticeFactory(reader=owner).pk,
        "accept_network": NetworkMembershipFactory(supplier=firm, asked=True).pk,
        "decline_network": NetworkMembershipFactory(supplier=firm, asked=True).pk,
        "end_network": NetworkMembershipFactory(supplier=firm).pk,
    }


def tokens_of_passport(firm: Enterprise) -> dict[str, str]:
    """The link of firm A's passport, which members of verified firms may open."""
    token = PassportFactory(enterprise=firm, verified=True).token
    return {f"web:accounts:{name}:token": token for name in ("passport", "passport_paper", "passport_code")}


def signed_by_both(firm: Enterprise, other: Enterprise) -> dict[str, Any]:
    """Where the papers of an agreement stand that ``firm`` and ``other`` have signed."""
    row = PartnershipFactory(
        introduced=True, need=PostingFactory(enterprise=firm), capacity=PostingFactory(enterprise=other, capacity=True)
    )
    talks(row).agree()
    papers = ("agreement_paper", "agreement_days")
    return {f"{name}:{part}": told for name in papers for part, told in (("key", row.key), ("version", 1))}


PACKAGE_PAGES = (
    "detail", "edit", "add", "file", "take_in", "rejected", "remove", "publish", "discard", "close", "quote", "award",
    "export",
)  # fmt: skip
PACKAGE_DOORS = ("", "_publish", "_close", "_needs", "_lines", "_line", "_quotes", "_awards")


def rows_of_package(firm: Enterprise) -> dict[str, Any]:
    """What stands in addresses about a draft package of ``firm`` and its line."""
    rfq = Rfq.objects.create(
        enterprise=firm, title="示例询价包", state="draft", due_at=timezone.now() + timedelta(days=5)
    )
    line = RfqLine.objects.create(rfq=rfq, need=PostingFactory(enterprise=firm, draft=True), is_made_here=True)
    return {
        **{f"web:packages:{name}:key": rfq.key for name in PACKAGE_PAGES},
        **{f"api:v1:package{name}:key": rfq.key for name in PACKAGE_DOORS},
        "web:talks:package:key": rfq.key,
        "web:packages:remove:pk": line.pk,
        "web:packages:take_in:token": "no-such-token",
        "web:packages:rejected:token": "no-such-token",
        "api:v1:package_line:number": line.need.number,
    }


def keys_of_sets(firm: Enterprise) -> dict[str, str]:
    """Keys of a set of suppliers for a need of firm A, by the addresses in which they stand."""
    key = together(9000, 6000, enterprise=firm).form(9000, 6000).key
    pages = ("detail", "consent", "leave", "add", "dissolve")
    doors = ("", "_replacements", "_shares", "_consent", "_leave", "_dissolve")
    return {
        **{f"web:consortia:{name}:key": key for name in pages},
        **{f"api:v1:consortium{name}:key": key for name in doors},
    }


def keys_of_overflow(firm: Enterprise, owner: User) -> dict[str, str]:
    """The key of an overflow of firm A with premises, by the addresses in which it stands."""
    key = begin_overflow(enterprise=firm, actor=owner, values=wanted()).key
    names = ("detail", "plan", "part", "close")
    doors = ("", "_partners", "_plan", "_close")
    return {
        **{f"web:overflows:{name}:key": key for name in names},
        **{f"api:v1:overflow{name}:key": key for name in doors},
        "web:overflows:part:part": "premises",
    }


def rows_of_corridor(firm: Enterprise) -> dict[str, str]:
    """A row of each kind that is entered about the hydrogen corridor, and a round with an offer of firm A."""
    one = RoundFactory()
    capacity = hydrogen_posting("500115", 9000, enterprise=firm)
    offer = RoundOffer.objects.create(round=one, capacity=capacity, letter="A")
    named = [f"web:hydrogen:{name}" for name in ("round", "offer", "publish_round", "take_back", "interest")]
    return {
        "web:hydrogen:facility:key": FacilityFactory().key,
        "web:hydrogen:route:key": HaulageRouteFactory().key,
        "web:hydrogen:batch:key": FleetBatchFactory().key,
        **{f"{name}:key": one.key for name in named},
        **{f"{name}:offer": offer.key for name in named[3:]},
    }


def introduced(need: Any, other: Enterprise) -> Any:
    """A partnership about ``need`` with another capacity of ``other``, in talks."""
    return PartnershipFactory(introduced=True, need=need, capacity=PostingFactory(enterprise=other, capacity=True))


def rows_of_desk(need: Any, row: Any) -> dict[str, Any]:
    """Keys of a case about ``need``, of a meeting in ``row`` and of a pair suggested by hand, by their addresses."""
    case, pair = CaseFactory(posting=need), HandPairFactory(need=need)
    meeting = MeetingTimeFactory(meeting__partnership=row).meeting
    return {
        **{f"{name}:key": case.key for name in ("case", "change_case", "hand_over_case", "close_case")},
        **{f"{name}:key": meeting.key for name in ("meeting", "call_off_meeting", "meeting_calendar")},
        "suggested:key": pair.key,
        "call_meeting:key": row.key,
        "posting_case:number": PostingFactory(enterprise=need.enterprise).number,
    }


OPEN_DAY_PAGES = (
    "coordinated", "change", "invite", "withdraw", "cancel", "plan", "publish", "day", "answer", "wishes", "give_up",
)  # fmt: skip


def rows_of_days(firm: Enterprise) -> dict[str, str]:
    """Keys of a day to which ``firm`` is invited, and of one that is today, on which it has met another firm."""
    guest, meeting = GuestFactory(enterprise=firm), DayMeetingFactory(first__enterprise=firm)
    return {
        **{f"web:days:{name}:key": guest.day.key for name in OPEN_DAY_PAGES},
        **{f"api:v1:day{name}:key": guest.day.key for name in ("", "_answer", "_wishes", "_give_up")},
        **{f"web:days:{name}:key": meeting.plan.day.key for name in ("calendar", "held", "pair")},
        "web:days:pair:meeting": meeting.key,
    }


def keys_of_clearing(need: Any) -> dict[str, str]:
    """The key of a clearing in which ``need`` stays open."""
    key = ClearingLineFactory(need=need).clearing.key
    return {f"web:coordination:{name}:key": key for name in ("clearing", "give_needs", "export_clearing")}


def rows_of_networks(firm: Enterprise, other: Enterprise) -> dict[str, Any]:
    """Firm A's list, and memberships at the REST door: one that it is asked for, and one that it can end."""
    asked = NetworkMembershipFactory(asked=True, supplier=firm).pk
    return {
        **{f"api:v1:network_{name}:pk": asked for name in ("membership", "answer")},
        "api:v1:network_end:pk": NetworkMembershipFactory(buyer=firm).pk,
        **rows_of_list(firm, other),
    }


LISTED_PAGES = (
    "supplier", "edit", "add_supply", "end_supply", "unlist", "relist", "who", "decide_here", "invite", "ask",
)  # fmt: skip


def rows_of_list(firm: Enterprise, here: Enterprise) -> dict[str, Any]:
    """A firm of firm A's list that is here, and one that left."""
    relation = SupplyRelationFactory(listed__buyer=firm, listed__firm=here)
    gone = SupplyRelationFactory(listed__buyer=firm, listed__left_on=timezone.localdate())
    return {
        **{f"web:networks:{name}:key": relation.listed.key for name in LISTED_PAGES},
        "web:networks:relist:key": gone.listed.key,
        "web:networks:end_supply:pk": relation.pk,
        "web:networks:coordinated_network:key": firm.key,
        **{f"web:networks:{name}:token": "no-such-token" for name in ("take_in", "decide", "rejected")},
        "web:networks:node:code": "AUTO.BODY.CAST",
        "web:networks:map_file:kind": "csv",
        "web:networks:export:kind": "csv",
    }


CODES = {
    "web:insights:chain:code": "AUTO",
    "web:insights:node:code": "AUTO",
    "web:insights:node:node": "AUTO.BODY.CAST",
    "web:insights:chain_weak_links:code": "AUTO",
    "web:insights:chain_map:code": "AUTO",
    "web:insights:node_scores:code": "AUTO",
    "web:insights:node_scores:node": "AUTO.BODY.CAST",
    "web:postings:usual:code": "AUTO.BODY.CAST",
    "api:v1:region:code": "510100",
    "api:v1:chain:code": "AUTO",
    "api:v1:node:code": "AUTO.BODY.CAST",
    "api:v1:certificate:code": "IATF16949",
}
"""Codes of the reference data that stand in addresses."""


def rows_of_administration(firm: Enterprise, park: Any) -> dict[str, Any]:
    """Rows of the administration: those of the park of ``park_admin``."""
    return {
        "admin:app_list:app_label": "parks",
        "admin:view_on_site:content_type_id": ContentType.objects.get_for_model(Enterprise).pk,
        "admin:view_on_site:object_id": firm.pk,
        "admin:parks_cooperationproject_change:object_id": CooperationProjectFactory(park=park).pk,
        "admin:parks_parkindicator_change:object_id": ParkIndicatorFactory(park=park).pk,
        "admin:parks_park_change:object_id": park.pk,
        "admin:parks_park_history:object_id": park.pk,
    }


def arguments_of(firm: Enterprise, other: Enterprise, owner: User, park: Any) -> AdminArguments:
    """What stands in addresses: firm A's rows, the park of ``park_admin``, and codes of the reference data."""
    need, capacity = PostingFactory(enterprise=firm), PostingFactory(enterprise=firm, capacity=True)
    fitting = PostingFactory(enterprise=other, capacity=True)
    partnership = PartnershipFactory(need=need, capacity=fitting)
    ParkPartnershipFactory(from_park=park, to_park=ParkFactory())
    file = share_at_posting(posting=need, actor=owner, upload=upload(), level="preview")
    asker = MembershipFactory()
    question = ask_question(posting=need, enterprise=asker.enterprise, actor=asker.user, text="示例提问")
    decided = ReviewFactory(rejected=True, enterprise=firm)
    return AdminArguments(
        {
            **{f"web:accounts:{name}:pk": pk for name, pk in rows_of_accounts(firm, owner).items()},
            "web:accounts:enterprise:key": firm.key,
            **{f"web:talks:{name}:key": file.key for name in ("file", "content", "page", "revise", "withdraw")},
            **{f"api:v1:{name}:key": file.key for name in ("file", "file_content", "file_revisions")},
            **{f"web:partnerships:{name}": told for name, told in signed_by_both(firm, other).items()},
            **keys_of_sets(firm),
            **keys_of_overflow(firm, owner),
            **{f"web:desk:{name}": told for name, told in rows_of_desk(need, introduced(need, other)).items()},
            **rows_of_days(firm),
            **rows_of_corridor(firm),
            **keys_of_clearing(need),
            **rows_of_networks(firm, other),
            "web:talks:answer:key": question.key,
            "web:talks:page:number": 1,
            "web:moderation:decision:key": decided.key,
            "web:moderation:appeal:key": decided.key,
            "web:accounts:invitation:token": "sample-token",
            **tokens_of_passport(firm),
            "web:postings:capacity:number": capacity.number,
            "web:matching:capacity_matches:number": capacity.number,
            "web:postings:confirm_link:token": "no-such-token",
            "web:partnerships:outcome_link:token": "no-such-token",
            "web:postings:forget_search:pk": SavedSearchFactory(user=owner).pk,
            "web:postings:switch_search:pk": SavedSearchFactory(user=owner).pk,
            "admin:parks_park_report:quarter": "2026-07-01",
            "web:insights:agreement:code": FrameworkAgreementFactory().code,
            "number": need.number,
            "counterpart": fitting.number,
            "key": partnership.key,
            "web:partnerships:deal:act": "withdraw_quote",
            **rows_of_package(firm),
            **CODES,
            **rows_of_administration(firm, park),
            "slug": park.slug,
            "pk": 1,
            "kind": "csv",
        }
    )
