"""Addresses of the pages of coordinators."""

from django.urls import path

from web.views.coordination import clearings, exposure, funnel, lists, plans, things

app_name = "coordination"
urlpatterns = [
    path("coordination/", lists.overview, name="overview"),
    path("coordination/postings/", lists.postings, name="postings"),
    path("coordination/postings/export/", lists.export_postings, name="export_postings"),
    path("coordination/postings/<slug:number>/", things.posting, name="posting"),
    path("coordination/postings/<slug:number>/contact/", things.posting_contact, name="posting_contact"),
    path("coordination/postings/<slug:number>/remind/", things.remind_posting, name="remind_posting"),
    path("coordination/postings/<slug:number>/note/", things.note_posting, name="note_posting"),
    path("coordination/postings/<slug:number>/release/", things.release, name="release_posting"),
    path("coordination/postings/<slug:number>/give-back/", things.give_back, name="give_back_posting"),
    path("coordination/plans/", plans.plans, name="plans"),
    path("coordination/plans/<slug:key>/", plans.plan, name="plan"),
    path("coordination/clearings/", clearings.clearings, name="clearings"),
    path("coordination/clearings/<slug:key>/", clearings.clearing, name="clearing"),
    path("coordination/clearings/<slug:key>/give/", clearings.give, name="give_needs"),
    path("coordination/clearings/<slug:key>/export/<slug:kind>/", clearings.export, name="export_clearing"),
    path("coordination/exposure/", exposure.exposure, name="exposure"),
    path("coordination/exposure/export/", exposure.export_exposure, name="export_exposure"),
    path("coordination/funnel/", funnel.funnel, name="funnel"),
    path("coordination/funnel/chart/<slug:kind>/", funnel.funnel_chart, name="funnel_chart"),
    path("coordination/funnel/export/<slug:kind>/", funnel.export_funnel, name="export_funnel"),
    path("coordination/partnerships/", lists.partnerships, name="partnerships"),
    path("coordination/partnerships/export/", lists.export_partnerships, name="export_partnerships"),
    path("coordination/partnerships/<slug:key>/", things.partnership, name="partnership"),
    path("coordination/partnerships/<slug:key>/remind/", things.remind_partnership, name="remind_partnership"),
    path("coordination/partnerships/<slug:key>/note/", things.note_partnership, name="note_partnership"),
]
