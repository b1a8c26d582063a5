"""Addresses of version 1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from api.v1.views import clients, facts, matching, packages, parks, partnerships, postings, reference, talks, unknown

app_name = "v1"
urlpatterns = [
    path("", clients.Entrance.as_view(), name="entrance"),
    path("me/", clients.AskingClient.as_view(), name="me"),
    path("schema/", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    path("regions/", reference.RegionList.as_view(), name="regions"),
    path("regions/<str:code>/", reference.RegionPage.as_view(), name="region"),
    path("chains/", reference.ChainList.as_view(), name="chains"),
    path("chains/<str:code>/", reference.ChainPage.as_view(), name="chain"),
    path("nodes/", reference.NodeList.as_view(), name="nodes"),
    path("nodes/<str:code>/", reference.NodePage.as_view(), name="node"),
    path("certificates/", reference.CertificateList.as_view(), name="certificates"),
    path("certificates/<str:code>/", reference.CertificatePage.as_view(), name="certificate"),
    path("units/", reference.UnitList.as_view(), name="units"),
    path("reasons/", reference.ReasonList.as_view(), name="reasons"),
    path("postings/", postings.PostingList.as_view(), name="postings"),
    path("postings/counts/", matching.PostingCounts.as_view(), name="counts"),
    path("postings/<slug:number>/", postings.PostingPage.as_view(), name="posting"),
    path("postings/<slug:number>/months/", postings.PostingMonths.as_view(), name="months"),
    path("postings/<slug:number>/publish/", postings.PostingPublication.as_view(), name="publish"),
    path("postings/<slug:number>/pause/", postings.PostingPause.as_view(), name="pause"),
    path("postings/<slug:number>/resume/", postings.PostingResumption.as_view(), name="resume"),
    path("postings/<slug:number>/confirm/", postings.PostingConfirmation.as_view(), name="confirm"),
    path("postings/<slug:number>/renew/", postings.PostingRenewal.as_view(), name="renew"),
    path("postings/<slug:number>/close/", postings.PostingClosing.as_view(), name="close"),
    path("postings/<slug:number>/copy/", postings.PostingCopy.as_view(), name="copy"),
    path("postings/<slug:number>/suggestions/", matching.PostingSuggestions.as_view(), name="suggestions"),
    path("postings/<slug:number>/similar/", matching.SimilarPostings.as_view(), name="similar"),
    path("messages/", talks.MessageList.as_view(), name="messages"),
    path("files/", talks.FileList.as_view(), name="files"),
    path("partnerships/", partnerships.PartnershipList.as_view(), name="partnerships"),
    path("partnerships/<slug:key>/", partnerships.PartnershipPage.as_view(), name="partnership"),
    path("partnerships/<slug:key>/contact/", partnerships.PartnershipContact.as_view(), name="partnership_contact"),
    *(
        path(f"partnerships/<slug:key>/{act}/", view, name=f"partnership_{act}")
        for act, view in partnerships.ACTS.items()
    ),
    path("packages/", packages.PackageList.as_view(), name="packages"),
    path("packages/<slug:key>/", packages.PackagePage.as_view(), name="package"),
    path("packages/<slug:key>/publish/", packages.PackagePublication.as_view(), name="package_publish"),
    path("packages/<slug:key>/close/", packages.PackageClosing.as_view(), name="package_close"),
    path("packages/<slug:key>/needs/", packages.PackageNeeds.as_view(), name="package_needs"),
    path("packages/<slug:key>/lines/", packages.PackageLines.as_view(), name="package_lines"),
    path("packages/<slug:key>/lines/<slug:number>/", packages.PackageLinePage.as_view(), name="package_line"),
    path("packages/<slug:key>/quotes/", packages.PackageQuotes.as_view(), name="package_quotes"),
    path("packages/<slug:key>/awards/", packages.PackageAwards.as_view(), name="package_awards"),
    path("parks/", parks.ParkList.as_view(), name="parks"),
    path("parks/<slug:slug>/", parks.ParkPage.as_view(), name="park"),
    path("park-partnerships/", parks.PartnershipList.as_view(), name="park_partnerships"),
    path("park-batches/", parks.BatchList.as_view(), name="park_batches"),
    path("facts/", facts.FactList.as_view(), name="facts"),
    path("targets/", facts.TargetList.as_view(), name="targets"),
    re_path(r"^[\s\S]*$", unknown.NoSuchAddress.as_view(), name="unknown"),
]
