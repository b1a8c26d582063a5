"""Files that two firms show each other, for partners; how the confidentiality agreement stands between them.

What a system opens is asked of the firm that it acts for alone. Files that are shown as pages stay on the site, where
each page carries the mark of the person who looks; the agreement is accepted there, with a password or a code.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.asking import ListForFirm, checked, own_posting_named, unknown
from api.authentication import Answering, actor_of, enterprise_of, firm_of, reader_for
from api.v1.serializers.talks import (
    ConfidentialitySerializer,
    NewFileSerializer,
    RevisedFileSerializer,
    SharedFileSerializer,
)
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.serving import guarded
from common.values import normalise_code
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.queries.packages import package_through
from matchmaking.partnerships.queries.partnerships import line_of, partnerships_of
from matchmaking.talks.choices import MEDIA_TYPES, NDA_VERSION, FileKind
from matchmaking.talks.filters import SharedFileFilter
from matchmaking.talks.permissions import can_read_thread
from matchmaking.talks.queries.files import file_through, files_through
from matchmaking.talks.queries.nda import nda_between, nda_digest, nda_text
from matchmaking.talks.services.files import (
    download_file,
    revise_file,
    share_at_package,
    share_at_posting,
    share_in_partnership,
    withdraw_file,
)

KNOWN, READ, WRITE = ApiScope.MESSAGES_READ.value, ApiScope.FILES_READ.value, ApiScope.FILES_WRITE.value
TAG = ["talks"]
FORM = "multipart/form-data"
PLACES = ("partnership", "posting", "package")
"""What a file can be shown at, by the names of the body."""


class WhateverIsAsked(BaseContentNegotiation):
    """A file is what it is: it is sent under its own type, and a refusal as a problem document."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """None is needed."""
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """The first."""
        return renderers[0], renderers[0].media_type


class FileList(ListForFirm):
    """What the firm knows of files; showing another."""

    scopes = {"GET": KNOWN, "POST": WRITE}
    serializer_class = SharedFileSerializer
    filterset_class = SharedFileFilter
    parser_classes = (MultiPartParser,)

    def get_queryset(self) -> QuerySet[Any]:
        """The newest revision of each file that the firm may know of."""
        return files_through(enterprise_of(self.request))

    @extend_schema(operation_id="files_list", tags=TAG)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="files_share", tags=TAG, request={FORM: NewFileSerializer}, responses={201: SharedFileSerializer}
    )
    def post(self, request: Request) -> Response:
        """The file as others know of it."""
        told = checked(NewFileSerializer, request)
        where = {name: normalise_code(told.pop(name)) for name in PLACES if told.get(name)}
        if len(where) != 1:
            raise Invalid({"partnership": Reason.REFUSAL_REQUIRED})
        ((name, code),) = where.items()
        return Response(page_of(request, shared(request, name, code, told).key), status=status.HTTP_201_CREATED)


class FilePage(Answering, APIView):
    """One file."""

    scopes = {"GET": KNOWN, "DELETE": WRITE}

    @extend_schema(operation_id="files_get", tags=TAG, responses=SharedFileSerializer)
    def get(self, request: Request, key: str) -> Response:
        """What is known of it; 404 for a file that is not shown to the firm."""
        return Response(page_of(request, key))

    @extend_schema(operation_id="files_withdraw", tags=TAG, request=None, responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Nothing; the revision before stands again, if any."""
        withdraw_file(file=own(request, key), actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class FileRevisions(Answering, APIView):
    """A new revision in the place of a file."""

    scopes = {"POST": WRITE}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="files_revise",
        tags=TAG,
        request={FORM: RevisedFileSerializer},
        responses={201: SharedFileSerializer},
    )
    def post(self, request: Request, key: str) -> Response:
        """The new revision; whoever holds the one before is told."""
        file = own(request, key)
        made = revise_file(file=file, actor=actor_of(request), **checked(RevisedFileSerializer, request))
        return Response(page_of(request, made.key), status=status.HTTP_201_CREATED)


class FileContent(Answering, APIView):
    """The whole file."""

    scopes = {"GET": READ}
    content_negotiation_class = WhateverIsAsked

    @extend_schema(
        operation_id="files_download",
        tags=TAG,
        responses={(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES.values()},
    )
    @method_decorator(never_cache)
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """The bytes; 409 where the level shows pages alone, or an acceptance of the agreement is missing."""
        file = found(request, key)
        download_file(file=file, actor=actor_of(request), enterprise=firm_of(request), is_system=True)
        media_type = MEDIA_TYPES[FileKind(file.kind)]
        response = FileResponse(
            file.content.open("rb"), as_attachment=True, filename=file.name, content_type=media_type
        )
        answer: HttpResponseBase = guarded(response)
        return answer


class Confidentiality(Answering, APIView):
    """How the confidentiality agreement stands between the two firms of a partnership."""

    scopes = {"GET": KNOWN}

    @extend_schema(
        operation_id="partnerships_confidentiality", tags=TAG, request=None, responses=ConfidentialitySerializer
    )
    def get(self, request: Request, key: str) -> Response:
        """The text and whose acceptance holds until when; 404 for a partnership of others."""
        enterprise = firm_of(request)
        row = partnerships_of(enterprise).exclude(state=State.SUGGESTED).filter(key=normalise_code(key)).first()
        line = None if row is None else line_of(row, enterprise)
        if row is None or line is None:
            raise Http404
        require(can_read_thread(reader_for(request), row))
        standing = nda_between(line.own.enterprise, line.other.enterprise)
        told = {
            "version": NDA_VERSION,
            "digest": nda_digest(),
            "text": nda_text(NDA_VERSION, get_language() or "zh-hans"),
            **vars(standing),
            "is_due": standing.is_due,
        }
        return Response(ConfidentialitySerializer(told).data)


def shared(request: Request, name: str, code: str, told: dict[str, Any]) -> Any:
    """The file that is shown where ``name`` and ``code`` say. Invalid for a code that names nothing of the firm's."""
    enterprise, actor = firm_of(request), actor_of(request)
    if name == "posting":
        return share_at_posting(posting=own_posting_named(request, name, code), actor=actor, **told)
    if name == "package":
        rfq = package_through(enterprise=enterprise, key=code)
        if rfq is None or rfq.enterprise_id != enterprise.pk:
            raise unknown({name: code})
        return share_at_package(rfq=rfq, actor=actor, **told)
    row = partnerships_of(enterprise).exclude(state=State.SUGGESTED).filter(key=code).first()
    if row is None:
        raise unknown({name: code})
    return share_in_partnership(partnership=row, actor=actor, enterprise=enterprise, **told)


def found(request: Request, key: str) -> Any:
    """A file that the firm may know of. 404 otherwise."""
    file = file_through(enterprise=firm_of(request), key=normalise_code(key))
    if file is None:
        raise Http404
    return file


def own(request: Request, key: str) -> Any:
    """A file that the firm shows. 404 for one that it may not know of; refuses not_yours for another firm's."""
    file = found(request, key)
    if file.enterprise_id != firm_of(request).pk:
        raise Refused(Reason.REFUSAL_NOT_YOURS)
    return file


def page_of(request: Request, key: str) -> dict[str, Any]:
    """What the firm knows of a file."""
    context = {"request": request, "enterprise": firm_of(request)}
    return dict(SharedFileSerializer(found(request, key), context=context).data)
