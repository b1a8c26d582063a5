"""The lists of insights."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetState(models.TextChoices):
    """Where a target stands."""

    OPEN = "open", _("Running")
    DUE_PASSED = "due_passed", _("Due date passed, no sourced actual figure")
    REPORTED = "reported", _("A sourced actual figure is there")
