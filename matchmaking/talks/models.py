"""Messages of two firms that were introduced, and how far each reader has read them."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Enterprise, User
from common.models import PublicKeyed
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.models import Partnership
from matchmaking.talks import querysets

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
