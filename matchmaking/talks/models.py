"""Messages of two firms that were introduced, the files that they show each other, their confidentiality, and public
questions.
"""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Enterprise, User
from common.models import PublicKeyed
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.postings.models import Posting
from matchmaking.talks import choices, querysets

LONGEST_MESSAGE = 4000
"""Characters of one message: two pages; what is longer is a file."""


class Message(PublicKeyed):
    """What a member of one side wrote to the other, append-only; a person who left leaves the firm's words."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="messages")
    side = models.CharField(max_length=8, choices=[(side.value, side.label) for side in (Side.NEED, Side.CAPACITY)])
    enterprise = models.ForeignKey(Enterprise, models.SET_NULL, null=True, related_name="+")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by"))
    text = models.TextField(_("message"), validators=[MaxLengthValidator(LONGEST_MESSAGE)])
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    objects = querysets.MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["pk"]
        indexes = [models.Index(fields=["partnership", "id"])]

    def __str__(self) -> str:
        return self.key


class ReadMark(models.Model):
    """The newest message of a partnership that somebody has had before them, by its row number."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="read_marks")
    reader = models.ForeignKey(User, models.CASCADE, related_name="read_marks")
    message_id = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [models.UniqueConstraint(fields=["partnership", "reader"], name="one_read_mark_each")]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.message_id}"


LONGEST_QUESTION = 1000
"""Characters of a question, and of its answer."""


class Question(PublicKeyed):
    """What a firm asks about another's posting; with its answer it is read by all who may read the posting's text.

    Who asked is told to nobody, the poster included.
    """

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="questions")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("question"), validators=[MaxLengthValidator(LONGEST_QUESTION)])
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(_("answer"), blank=True, validators=[MaxLengthValidator(LONGEST_QUESTION)])
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="answer_has_words_and_time",
            )
        ]

    def __str__(self) -> str:
        return self.key


class SharedFile(PublicKeyed):
    """One revision of a file that a firm shows: to the other side of a ``partnership``, at its ``posting``, or to the
    firms that may quote for its package ``rfq``.

    ``content`` lies under a random name outside of what the web server gives away; ``digest`` is the SHA-256 of its
    bytes, ``level`` says from when on others open it, ``replaces`` is the revision before.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="shared_files")
    partnership = models.ForeignKey(Partnership, models.CASCADE, null=True, blank=True, related_name="files")
    posting = models.ForeignKey(Posting, models.CASCADE, null=True, blank=True, related_name="files")
    rfq = models.ForeignKey(Rfq, models.CASCADE, null=True, blank=True, related_name="files")
    name = models.CharField(_("name of the file"), max_length=120)
    kind = models.CharField(_("kind of file"), max_length=4, choices=choices.FileKind)
    level = models.CharField(_("who opens it"), max_length=8, choices=choices.FileLevel)
    size_bytes = models.PositiveIntegerField()
    page_count = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, editable=False)
    content = models.FileField(upload_to="talks/%Y/", max_length=200)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    replaces = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="replaced_by")
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.SharedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared file")
        verbose_name_plural = _("shared files")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partnership__isnull=False, posting__isnull=True, rfq__isnull=True)
                | Q(partnership__isnull=True, posting__isnull=False, rfq__isnull=True)
                | Q(partnership__isnull=True, posting__isnull=True, rfq__isnull=False),
                name="file_is_shown_at_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(level=choices.FileLevel.PREVIEW) | Q(posting__isnull=False),
                name="preview_belongs_to_a_posting",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FileLook(models.Model):
    """One look of another firm at a file, append-only: which page, 0 for the whole file as a download."""

    file = models.ForeignKey(SharedFile, models.CASCADE, related_name="looks")
    enterprise = models.ForeignKey(Enterprise, models.SET_NULL, null=True, related_name="+")
    reader = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    page = models.PositiveSmallIntegerField()
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("look at a file")
        verbose_name_plural = _("looks at files")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file_id} {self.page}"


class NdaAcceptance(models.Model):
    """That an owner of ``enterprise`` accepted the confidentiality agreement toward ``counterpart``, append-only.

    ``digest`` is that of the text that was accepted; it holds up to and with ``expires_on``, once both firms accepted
    the same version.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="nda_acceptances")
    counterpart = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("last day"))

    objects = querysets.NdaAcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance of the confidentiality agreement")
        verbose_name_plural = _("acceptances of the confidentiality agreement")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["enterprise", "counterpart", "expires_on"])]
        constraints = [
            models.CheckConstraint(condition=~Q(enterprise=F("counterpart")), name="no_firm_accepts_toward_itself")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} > {self.counterpart_id} v{self.version}"
