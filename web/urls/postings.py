"""Addresses of the pages of postings."""

from django.urls import path

from web.views.postings import acts, detail, form, lists, months, picker, searches, similar

app_name = "postings"
urlpatterns = [
    path("needs/", lists.needs, name="needs"),
    path("needs/new/", form.new_need, name="new_need"),
    path("needs/<slug:number>/", detail.need, name="need"),
    path("capacities/", lists.capacities, name="capacities"),
    path("capacities/new/", form.new_capacity, name="new_capacity"),
    path("capacities/<slug:number>/", detail.capacity, name="capacity"),
    path("postings/confirm/<str:token>/", acts.confirm_link, name="confirm_link"),
    path("postings/<slug:number>/", detail.posting, name="posting"),
    path("postings/<slug:number>/similar/", similar.similar, name="similar"),
    path("postings/<slug:number>/edit/", form.edit, name="edit"),
    path("postings/<slug:number>/preview/", detail.preview, name="preview"),
    path("postings/<slug:number>/months/", months.months, name="months"),
    path("postings/<slug:number>/publish/", acts.publish, name="publish"),
    path("postings/<slug:number>/pause/", acts.pause, name="pause"),
    path("postings/<slug:number>/resume/", acts.resume, name="resume"),
    path("postings/<slug:number>/confirm/", acts.confirm, name="confirm"),
    path("postings/<slug:number>/accept-ahead/", acts.accept_all, name="accept_ahead"),
    path("postings/<slug:number>/accept-ahead/stop/", acts.ask_me_first, name="stop_accepting_ahead"),
    path("postings/<slug:number>/busy/", acts.busy, name="busy"),
    path("postings/<slug:number>/open/", acts.open_now, name="open"),
    path("postings/<slug:number>/renew/", acts.renew, name="renew"),
    path("postings/<slug:number>/close/", acts.close, name="close"),
    path("postings/<slug:number>/copy/", acts.copy, name="copy"),
    path("postings/<slug:number>/delete/", acts.delete, name="delete"),
    path("nodes/", picker.nodes, name="nodes"),
    path("nodes/<str:code>/usual/", picker.usual, name="usual"),
    path("searches/", lists.keep_search, name="keep_search"),
    path("me/searches/", searches.searches, name="searches"),
    path("searches/<int:pk>/switch/", searches.switch, name="switch_search"),
    path("searches/stop/<str:token>/", searches.stop_news, name="stop_news"),
    path("searches/<int:pk>/forget/", lists.forget_search, name="forget_search"),
]
