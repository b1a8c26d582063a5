"""Addresses of the coordinator's desk, and of what firms see of it."""

from django.urls import path

from web.views.desk import cases, meetings, pairs

app_name = "desk"
urlpatterns = [
    path("coordination/cases/", cases.listed, name="cases"),
    path("coordination/cases/<slug:key>/", cases.case, name="case"),
    path("coordination/cases/<slug:key>/change/", cases.change, name="change_case"),
    path("coordination/cases/<slug:key>/hand-over/", cases.hand_over, name="hand_over_case"),
    path("coordination/cases/<slug:key>/close/", cases.close, name="close_case"),
    path("coordination/postings/<slug:number>/case/", cases.of_posting, name="posting_case"),
    path("coordination/partnerships/<slug:key>/case/", cases.of_partnership, name="partnership_case"),
    path("coordination/pairs/", pairs.listed, name="pairs"),
    path("coordination/postings/<slug:number>/pair/", pairs.suggest, name="suggest_pair"),
    path("coordination/meetings/", meetings.in_scope, name="meetings_in_scope"),
    path("coordination/partnerships/<slug:key>/meeting/", meetings.call, name="call_meeting"),
    path("suggested/<slug:key>/", pairs.suggested, name="suggested"),
    path("meetings/", meetings.own, name="meetings"),
    path("meetings/<slug:key>/", meetings.meeting, name="meeting"),
    path("meetings/<slug:key>/call-off/", meetings.call_off, name="call_off_meeting"),
    path("meetings/<slug:key>/calendar/", meetings.calendar, name="meeting_calendar"),
]
