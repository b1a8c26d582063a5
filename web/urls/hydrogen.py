"""Addresses of the hydrogen corridor beside its page: files, what is entered, rounds of offers."""

from django.urls import path

from web.views.hydrogen import corridor, records, rounds

app_name = "hydrogen"
urlpatterns = [
    path("hydrogen/corridor/<str:kind>/", corridor.corridor_file, name="corridor_file"),
    path("hydrogen/balance/<str:kind>/", corridor.balance_file, name="balance_file"),
    path("hydrogen/facilities/new/", records.new_facility, name="new_facility"),
    path("hydrogen/facilities/<slug:key>/", records.facility, name="facility"),
    path("hydrogen/routes/new/", records.new_route, name="new_route"),
    path("hydrogen/routes/<slug:key>/", records.route, name="route"),
    path("hydrogen/batches/new/", records.new_batch, name="new_batch"),
    path("hydrogen/batches/<slug:key>/", records.batch, name="batch"),
    path("hydrogen/assumption/", records.assumption, name="assumption"),
    path("hydrogen/rounds/new/", rounds.new, name="new_round"),
    path("hydrogen/rounds/<slug:key>/", rounds.one_round, name="round"),
    path("hydrogen/rounds/<slug:key>/offer/", rounds.offer, name="offer"),
    path("hydrogen/rounds/<slug:key>/publish/", rounds.publish, name="publish_round"),
    path("hydrogen/rounds/<slug:key>/offers/<slug:offer>/back/", rounds.take_back, name="take_back"),
    path("hydrogen/rounds/<slug:key>/offers/<slug:offer>/interest/", rounds.interest, name="interest"),
]
