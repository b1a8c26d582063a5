"""Users, enterprises with their members, plants and papers, notices, and the numbered record of changes."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts import choices, querysets
from accounts.networks import ListedFirm as ListedFirm
from accounts.networks import NetworkMembership as NetworkMembership
from accounts.networks import SamenessDecision as SamenessDecision
from accounts.networks import SupplierInvitation as SupplierInvitation
from accounts.networks import SupplyRelation as SupplyRelation
from accounts.passports import Passport as Passport
from common.models import Mailed, Named, Personal, PublicKeyed, TimeStamped, UnderReview, Versioned, random_key
from reference.models import Certification, IndustryChain, Region

LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]


class User(Personal, AbstractBaseUser, PermissionsMixin):
    """A person, who signs in by mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = querysets.UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_whatever_the_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, as the libraries ask for it."""
        return self.name

    get_short_name = get_full_name

    def get_session_auth_hash(self) -> str:
        """What the sessions of this person keep; they are closed once it differs."""
        return self.seeded(super().get_session_auth_hash())


class Enterprise(Named, PublicKeyed, Versioned, TimeStamped):
    """A firm, institute or operator, identified by its unified social credit code (USCC)."""

    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("registered name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    alias = models.CharField(_("alias"), max_length=60, help_text=_("Shown where a posting is not under your name."))
    kind = models.CharField(
        _("kind"), max_length=20, choices=choices.EnterpriseKind, default=choices.EnterpriseKind.MANUFACTURER
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="enterprises", verbose_name=_("region"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"), max_length=4000, blank=True)
    language = models.CharField(_("language of the texts"), max_length=8, choices=LANGUAGES, default="zh-hans")
    verification = models.CharField(
        _("verification"), max_length=12, choices=choices.Verification, default=choices.Verification.UNVERIFIED
    )
    verification_note = models.CharField(_("note on the verification"), max_length=400, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True, editable=False)
    is_unclaimed = models.BooleanField(_("imported, not here yet"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    sourced_on = models.DateField(_("day of the source"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)
    releases_network = models.BooleanField(_("tells how many suppliers it has"), default=False, editable=False)
    confirmed_outcomes = models.PositiveIntegerField(default=0, editable=False)

    objects = querysets.EnterpriseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["verification", "created_at"]),
            # Lists leave suspended firms out; without its statistics SQLite takes that for a rare condition.
            models.Index(fields=["suspended_at"]),
        ]

    @property
    def is_verified(self) -> bool:
        """Whether the platform checked who this is."""
        return self.verification == choices.Verification.VERIFIED


class EnterpriseContact(models.Model):
    """Whom to reach at an enterprise; kept apart and joined only where consent exists."""

    enterprise = models.OneToOneField(Enterprise, models.CASCADE, related_name="contact")
    person = models.CharField(_("contact person"), max_length=80)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    objects = querysets.EnterpriseOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="contact_can_be_reached")]

    def __str__(self) -> str:
        return f"{self.enterprise_id}"


class Site(Named, TimeStamped):
    """A plant of an enterprise; a satellite plant stands in another region than its seat."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="sites")
    name = models.CharField(_("name"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, related_name="sites", verbose_name=_("region"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    floor_area_m2 = models.PositiveIntegerField(_("floor area, m²"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    is_satellite = models.BooleanField(_("satellite plant"), default=False)

    objects = querysets.EnterpriseOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["pk"]


class Equipment(TimeStamped):
    """Machines of one kind and size at a site."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="equipment")
    kind = models.CharField(_("kind"), max_length=120)
    size = models.CharField(_("size"), max_length=80, blank=True, help_text=_("Such as clamping force 7,000 t."))
    count = models.PositiveIntegerField(_("count"), default=1)
    built_in = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    photo = models.FileField(_("photo"), upload_to="equipment/%Y/", blank=True)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)
    checked_on = models.DateField(_("checked on site"), null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="equipment_counts")]

    def __str__(self) -> str:
        return self.kind


class EnterpriseCertificate(TimeStamped):
    """A certificate that an enterprise holds or claims to hold; ``expires_on`` is its last valid day."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="certificates")
    certification = models.ForeignKey(Certification, models.PROTECT, related_name="+", verbose_name=_("certificate"))
    number = models.CharField(_("number"), max_length=80, blank=True)
    issuer = models.CharField(_("issuer"), max_length=160, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("last valid day"), null=True, blank=True)
    evidence = models.FileField(_("evidence"), upload_to="certificates/%Y/", blank=True)
    evidence_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=choices.CheckState, default=choices.CheckState.CLAIMED)
    hold_reason = models.CharField(max_length=60, blank=True, editable=False)
    checked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True, editable=False)

    objects = querysets.EnterpriseCertificateQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("certificate of an enterprise")
        verbose_name_plural = _("certificates of enterprises")
        ordering = ["certification__code", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                name="certificate_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                "certification",
                Lower("issuer"),
                "number",
                condition=Q(state=choices.CheckState.CHECKED),
                name="certificate_number_checked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certification} {self.number}"


class Membership(TimeStamped):
    """A person's place in an enterprise."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=choices.Role, default=choices.Role.VIEWER)
    status = models.CharField(
        _("status"), max_length=10, choices=choices.MembershipStatus, default=choices.MembershipStatus.ACTIVE
    )

    objects = querysets.MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "user"], name="one_membership_each")]
        indexes = [models.Index(fields=["user", "status"])]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.enterprise_id}"


class Invitation(Mailed, TimeStamped):
    """A mailed link that makes its reader a member; only the hash of its token is kept."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=8, choices=choices.Role, default=choices.Role.EDITOR)
    seed = models.CharField(max_length=10, default=random_key, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.email


class CoordinatorGrant(TimeStamped):
    """The right to coordinate in some regions and chains; an empty list means all of them."""

    user = models.ForeignKey(User, models.CASCADE, related_name="coordinator_grants")
    regions = models.ManyToManyField(Region, blank=True, related_name="+")
    chains = models.ManyToManyField(IndustryChain, blank=True, related_name="+")
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.GrantQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[regions, chains])

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.user)


class Notice(Mailed, TimeStamped):
    """One fact for one reader, in the app at once and by mail when drained; ``key`` keeps it single."""

    reader = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=24, choices=choices.NoticeKind)
    key = models.CharField(max_length=120)
    route = models.CharField(max_length=60, help_text=_("Name of the page that it leads to."))
    thing_key = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["reader", "kind", "key"], name="one_notice_a_fact")]
        indexes = [models.Index(fields=["reader", "read_at"]), models.Index(fields=["pace", "mailed_at"])]

    def __str__(self) -> str:
        return self.get_kind_display()


class ChangeHead(models.Model):
    """The single row whose lock puts changes in commit order."""

    last = models.PositiveBigIntegerField(default=0)


class Change(models.Model):
    """Who did what when: append-only, numbered densely in commit order (see ADR 0004)."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    thing = models.CharField(max_length=40)
    thing_key = models.CharField(max_length=40)
    verb = models.CharField(max_length=12, choices=choices.Verb)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    happened_at = models.DateTimeField(auto_now_add=True)

    objects = querysets.ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["thing", "thing_key"]),
            *(models.Index(fields=[name, "seq"]) for name in ("enterprise", "thing", "verb")),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.get_verb_display()}"


class ApiClient(Named, PublicKeyed, TimeStamped):
    """A partner system of an enterprise or of its owner alone; the provider's client ``client_id`` holds its secret."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, null=True, blank=True, related_name="api_clients")
    owner = models.ForeignKey(User, models.CASCADE, related_name="api_clients")
    name = models.CharField(_("name"), max_length=120)
    client_id = models.CharField(max_length=100, unique=True, editable=False)
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_on = models.DateField(null=True, blank=True, editable=False)
    quota_minute = models.PositiveBigIntegerField(_("minute of the last call"), default=0, editable=False)
    quota_taken = models.PositiveIntegerField(_("calls in that minute"), default=0, editable=False)

    objects = querysets.ApiClientQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["quota_minute", "quota_taken"])

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        ordering = ["pk"]


class Review(UnderReview, PublicKeyed, TimeStamped):
    """What waits for a moderator, or was decided; an appeal names the decision that it is ``against``."""

    kind = models.CharField(_("kind"), max_length=12, choices=choices.ReviewKind)
    outcome = models.CharField(_("outcome"), max_length=10, choices=choices.ReviewOutcome, blank=True)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="reviews", verbose_name=_("enterprise"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    chain = models.ForeignKey(IndustryChain, models.PROTECT, null=True, related_name="+")
    against = models.OneToOneField("self", models.CASCADE, null=True, related_name="appeal")
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("owner"))
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by"))

    objects = querysets.ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("review queue")
        indexes = [models.Index(fields=["decided_at", "id"]), models.Index(fields=["kind", "thing_key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "thing_key"], condition=Q(decided_at=None), name="one_open_review_a_thing"
            )
        ]
