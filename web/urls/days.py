"""Addresses of matchmaking days: of who looks after them, and of the firms that are invited."""

from django.urls import path

from web.views.days import afterwards, coordinated, own, plans

app_name = "days"
urlpatterns = [
    path("coordination/days/", coordinated.listed, name="coordinated_list"),
    path("coordination/days/new/", coordinated.new, name="new"),
    path("coordination/days/<slug:key>/", coordinated.day, name="coordinated"),
    path("coordination/days/<slug:key>/change/", coordinated.change, name="change"),
    path("coordination/days/<slug:key>/invite/", coordinated.invite, name="invite"),
    path("coordination/days/<slug:key>/withdraw/", coordinated.withdraw, name="withdraw"),
    path("coordination/days/<slug:key>/cancel/", coordinated.cancel, name="cancel"),
    path("coordination/days/<slug:key>/plan/", plans.ask, name="plan"),
    path("coordination/days/<slug:key>/publish/", plans.publish, name="publish"),
    path("coordination/days/<slug:key>/held/", afterwards.held, name="held"),
    path("coordination/days/<slug:key>/meetings/<slug:meeting>/pair/", afterwards.pair, name="pair"),
    path("days/", own.listed, name="own"),
    path("days/<slug:key>/", own.day, name="day"),
    path("days/<slug:key>/answer/", own.answer, name="answer"),
    path("days/<slug:key>/wishes/", own.wishes, name="wishes"),
    path("days/<slug:key>/give-up/", own.give_up, name="give_up"),
    path("days/<slug:key>/calendar/", own.calendar, name="calendar"),
]
