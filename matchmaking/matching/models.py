"""What was suggested to whom, and what its owner put aside."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.models import PublicKeyed, TimeStamped
from matchmaking.matching.choices import Channel, Grade, RematchScope, WordState
from matchmaking.matching.querysets import OwnPostingQuerySet, RefusedPairQuerySet, SearchNewsQuerySet
from matchmaking.postings.models import Posting, SavedSearch
from reference.models import GlossaryTerm


class Suggestion(models.Model):
    """A counterpart as it was last shown for a posting: points 0 to 100, reason codes and the engine's version."""

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="suggestions")
    counterpart = models.ForeignKey(Posting, models.CASCADE, related_name="suggested_for")
    viewer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=4, choices=Channel)
    position = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=5, decimal_places=2)
    grade = models.PositiveSmallIntegerField(choices=Grade)
    reasons = models.JSONField(default=list)
    engine_version = models.CharField(max_length=20)
    first_shown_at = models.DateTimeField(auto_now_add=True)
    shown_at = models.DateTimeField()
    shown_count = models.PositiveIntegerField(default=1)

    objects = OwnPostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["posting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["posting", "counterpart", "channel"], name="suggestion_once_a_channel"),
            models.CheckConstraint(condition=~Q(posting=F("counterpart")), name="no_posting_suggests_itself"),
        ]
        indexes = [models.Index(fields=["counterpart", "shown_at"])]

    def __str__(self) -> str:
        return f"{self.posting_id} > {self.counterpart_id}"


class PostingVector(models.Model):
    """What a posting's title and text mean, as the encoder of this name and version told it.

    ``vector`` holds signed bytes, empty for a text without a word; ``text_hash`` tells whether the text is still the
    one that was read, and ``read_at`` when it was.
    """

    posting = models.OneToOneField(Posting, models.CASCADE, primary_key=True, related_name="vector")
    text_hash = models.CharField(max_length=32)
    encoder = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    vector = models.BinaryField(max_length=1024)
    read_at = models.DateTimeField()

    objects = OwnPostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of a posting")
        verbose_name_plural = _("readings of postings")

    def __str__(self) -> str:
        return f"{self.posting_id}"

    @property
    def number(self) -> str:
        """The posting's public number, by which changes name its reading."""
        return self.posting.number


class Dismissal(TimeStamped):
    """A counterpart that the posting's owner put aside, with the reason; undone by deleting the row."""

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="dismissals")
    counterpart = models.ForeignKey(Posting, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=60)
    dismissed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = OwnPostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("dismissal")
        verbose_name_plural = _("dismissals")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["posting", "counterpart"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"{self.posting_id} x {self.counterpart_id}"


class RefusedPair(models.Model):
    """A need and a capacity of which one side turned the other down: put aside for both until one is written anew."""

    need = models.ForeignKey(Posting, models.CASCADE, related_name="+")
    capacity = models.ForeignKey(Posting, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=60)
    refused_at = models.DateTimeField()

    objects = RefusedPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair that was turned down")
        verbose_name_plural = _("pairs that were turned down")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["need", "capacity"], name="refused_once")]

    def __str__(self) -> str:
        return f"{self.need_id} x {self.capacity_id}"


class SearchNews(models.Model):
    """A posting that its owner was told of because it fits a search that they keep: told once, whatever comes."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="news")
    posting = models.ForeignKey(Posting, models.CASCADE, related_name="+")
    told_at = models.DateTimeField()

    objects = SearchNewsQuerySet.as_manager()

    class Meta:
        verbose_name = _("news of a search")
        verbose_name_plural = _("news of searches")
        ordering = ["-told_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["search", "posting"], name="search_tells_once")]
        indexes = [models.Index(fields=["told_at"])]

    def __str__(self) -> str:
        return f"{self.search_id} > {self.posting_id}"


class RematchRun(PublicKeyed):
    """One rematch: of the changes after ``since`` up to ``until``, as of ``day``; open until its news are told."""

    scope = models.CharField(max_length=7, choices=RematchScope)
    since = models.PositiveBigIntegerField()
    until = models.PositiveBigIntegerField()
    day = models.DateField()
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rematch")
        verbose_name_plural = _("rematches")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["scope"], condition=Q(finished_at=None), name="one_open_rematch_a_scope")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.day}"


class RematchJob(models.Model):
    """Postings of one chain node to be asked again, leased by the worker named ``owner`` until its lease is over."""

    run = models.ForeignKey(RematchRun, models.CASCADE, related_name="jobs")
    node = models.CharField(max_length=80)
    numbers = models.JSONField()
    owner = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0)
    cpu_ms = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("rematch job")
        verbose_name_plural = _("rematch jobs")
        ordering = ["pk"]
        indexes = [models.Index(fields=["run", "finished_at", "leased_until"])]

    def __str__(self) -> str:
        return f"{self.run_id} {self.node}"


class MarketRanking(models.Model):
    """The best counterparts of a posting as the last rematch found them: pairs of number and score, best first."""

    posting = models.OneToOneField(Posting, models.CASCADE, related_name="ranking")
    run = models.ForeignKey(RematchRun, models.SET_NULL, null=True, related_name="rankings")
    matches = models.JSONField(default=list)
    engine_version = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("ranking of a rematch")
        verbose_name_plural = _("rankings of rematches")
        ordering = ["posting"]

    def __str__(self) -> str:
        return f"{self.posting_id}"


class UnplacedWord(TimeStamped):
    """A word that postings of several firms use and no term explains, until an administrator places or ignores it."""

    word = models.CharField(max_length=60, unique=True)
    firms = models.PositiveIntegerField()
    postings = models.PositiveIntegerField()
    sample = models.ForeignKey(Posting, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=WordState, default=WordState.WAITING)
    term = models.ForeignKey(GlossaryTerm, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("word without a term")
        verbose_name_plural = _("words without a term")
        ordering = ["-firms", "word"]
        indexes = [models.Index(fields=["state", "-firms"])]

    def __str__(self) -> str:
        return self.word
