"""One row of each model that the administration lists and that no file of reference data fills."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiClient, Change, SupplierInvitation
from accounts.services.mailing import MOST_TRIES
from matchmaking.consortia.models import Consortium
from matchmaking.matching.models import Dismissal, Suggestion, UnplacedWord
from matchmaking.parks.models import ParkBatch
from matchmaking.partnerships.models import CoordinationNote, Rfq
from matchmaking.postings.choices import Subject
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseFactory,
    EquipmentFactory,
    InvitationFactory,
    ListedFirmFactory,
    NetworkMembershipFactory,
    NoticeFactory,
    ReviewFactory,
    SupplyRelationFactory,
    UserFactory,
)
from tests.factories.consortia import together
from tests.factories.days import GuestFactory, MatchDayFactory
from tests.factories.desk import CaseFactory, HandPairFactory, MeetingFactory
from tests.factories.hydrogen import (
    CorridorLineFactory,
    DemandAssumptionFactory,
    FacilityFactory,
    FleetBatchFactory,
    HaulageRouteFactory,
    RoundFactory,
)
from tests.factories.insights import (
    AgreementEntryFactory,
    AgreementPartyFactory,
    CommitmentFactory,
    FrameworkAgreementFactory,
)
from tests.factories.overflows import overflowing
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkAdministratorFactory,
    ParkBatchFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory


def list_of(model: Any) -> str:
    """Where the administration lists ``model``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def client() -> ApiClient:
    """A partner system; its number among all is its name."""
    made = ApiClient.objects.count()
    return ApiClient.objects.create(
        name=f"示例系统 {made}", client_id=f"sample-{made}", enterprise=EnterpriseFactory(), owner=UserFactory()
    )


def change() -> Change:
    """The next line of the record."""
    made = Change.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    return Change.objects.create(seq=made + 1, thing="posting", thing_key=str(made), verb="created")


def suggestion() -> Suggestion:
    """A pair that was shown."""
    shown = {"channel": "page", "position": 1, "points": 80, "grade": 4, "shown_at": timezone.now()}
    pair = {"posting": PostingFactory(), "counterpart": PostingFactory(capacity=True)}
    return Suggestion.objects.create(engine_version="1", **pair, **shown)


def dismissal() -> Dismissal:
    """A pair that was put aside."""
    pair = {"posting": PostingFactory(), "counterpart": PostingFactory(capacity=True)}
    return Dismissal.objects.create(reason="end.need.none_suitable", **pair)


def word() -> UnplacedWord:
    """A word that waits to be placed."""
    name = f"词{UnplacedWord.objects.count()}"
    return UnplacedWord.objects.create(word=name, firms=3, postings=3, sample=PostingFactory())


def note() -> CoordinationNote:
    """What a coordinator wrote down about a posting."""
    return CoordinationNote.objects.create(posting=PostingFactory(), author=UserFactory(), text="示例备注")


def consortium() -> Consortium:
    """Two suppliers that were asked for their shares of one need."""
    return together(9000, 6000).form(9000, 6000)


def request_for_quotes() -> Rfq:
    """A package that takes quotes."""
    return Rfq.objects.create(enterprise=EnterpriseFactory(), title="示例询价包", due_at=timezone.now())


def supplier_invitation() -> SupplierInvitation:
    """An invitation of a listed firm whose mail was given up."""
    told = {"listed": ListedFirmFactory(), "invited_by": UserFactory(), "email": "sample@example.com"}
    return SupplierInvitation.objects.create(**told, **given_up())


def given_up() -> dict[str, Any]:
    """What a row keeps of a mail that failed too often."""
    return {"attempts": MOST_TRIES, "given_up_at": timezone.now(), "last_error": "OSError: 421"}


MADE: dict[str, Callable[[], Any]] = {
    "accounts.apiclient": client,
    "accounts.change": change,
    "accounts.coordinatorgrant": CoordinatorGrantFactory,
    "accounts.networkmembership": NetworkMembershipFactory,
    "accounts.listedfirm": ListedFirmFactory,
    "accounts.supplyrelation": SupplyRelationFactory,
    "accounts.supplierinvitation": supplier_invitation,
    "accounts.enterprise": EnterpriseFactory,
    "accounts.enterprisecertificate": EnterpriseCertificateFactory,
    "accounts.equipment": lambda: EquipmentFactory(with_photo=True),
    "accounts.invitation": lambda: InvitationFactory(**given_up()),
    "accounts.notice": lambda: NoticeFactory(**given_up()),
    "accounts.review": ReviewFactory,
    "accounts.user": UserFactory,
    "consortia.consortium": consortium,
    "consortia.overflow": lambda: overflowing().begin(),
    "insights.agreemententry": AgreementEntryFactory,
    "insights.agreementparty": AgreementPartyFactory,
    "insights.commitment": CommitmentFactory,
    "insights.frameworkagreement": FrameworkAgreementFactory,
    "hydrogen.corridorline": CorridorLineFactory,
    "hydrogen.demandassumption": DemandAssumptionFactory,
    "hydrogen.facility": FacilityFactory,
    "hydrogen.fleetbatch": FleetBatchFactory,
    "hydrogen.haulageroute": HaulageRouteFactory,
    "hydrogen.round": RoundFactory,
    "matching.dismissal": dismissal,
    "matching.suggestion": suggestion,
    "matching.unplacedword": word,
    "parks.cooperationproject": CooperationProjectFactory,
    "parks.park": ParkFactory,
    "parks.parkadministrator": ParkAdministratorFactory,
    "parks.parkbatch": lambda: ParkBatchFactory(number=100 + ParkBatch.objects.count()),
    "parks.parkfirm": EnterpriseFactory,
    "parks.parkindicator": ParkIndicatorFactory,
    "parks.parkpartnership": ParkPartnershipFactory,
    "parks.parkpremises": lambda: PostingFactory(capacity=True, subject=Subject.PREMISES),
    "days.guest": GuestFactory,
    "days.matchday": MatchDayFactory,
    "desk.case": CaseFactory,
    "desk.meeting": MeetingFactory,
    "desk.handpair": HandPairFactory,
    "partnerships.coordinationnote": note,
    "partnerships.partnership": PartnershipFactory,
    "partnerships.rfq": request_for_quotes,
    "postings.posting": PostingFactory,
}
"""How a row comes into being, by the label of its model; everything else is read from the files."""
