"""Addresses of the pages of partnerships."""

from django.urls import path

from web.views.partnerships import acts, outcomes, papers, quotes, shown

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", shown.listed, name="list"),
    path("needs/<slug:number>/quotes/", quotes.quotes, name="quotes"),
    path("partnerships/interest/", acts.interest, name="interest"),
    path("partnerships/decline/", acts.decline_many, name="decline_many"),
    path("partnerships/outcome/<str:token>/", outcomes.by_link, name="outcome_link"),
    path("partnerships/<slug:key>/", shown.detail, name="detail"),
    path("partnerships/<slug:key>/accept/", acts.accept, name="accept"),
    path("partnerships/<slug:key>/decline/", acts.decline, name="decline"),
    path("partnerships/<slug:key>/snooze/", acts.snooze, name="snooze"),
    path("partnerships/<slug:key>/next/", shown.next_firm, name="next"),
    path("partnerships/<slug:key>/withdraw/", acts.withdraw, name="withdraw"),
    path("partnerships/<slug:key>/end/", acts.end, name="end"),
    path("partnerships/<slug:key>/contact/", acts.contact, name="contact"),
    path("partnerships/<slug:key>/agreement/<int:version>/paper/", papers.agreement, name="agreement_paper"),
    path("partnerships/<slug:key>/agreement/<int:version>/days/", papers.milestones, name="agreement_days"),
    path("partnerships/<slug:key>/deal/<slug:act>/", acts.deal, name="deal"),
]
