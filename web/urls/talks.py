"""Addresses of messages, files and questions."""

from django.urls import path

from web.views.talks import files, nda, questions, threads

app_name = "talks"
urlpatterns = [
    path("messages/", threads.threads, name="threads"),
    path("partnerships/<slug:key>/messages/", threads.thread, name="thread"),
    path("partnerships/<slug:key>/files/", files.of_partnership, name="files"),
    path("partnerships/<slug:key>/confidentiality/", nda.agreement, name="nda"),
    path("postings/<slug:number>/files/", files.of_posting, name="posting"),
    path("packages/<slug:key>/files/", files.of_package, name="package"),
    path("postings/<slug:number>/questions/", questions.questions, name="questions"),
    path("questions/<slug:key>/answer/", questions.answer, name="answer"),
    path("files/<slug:key>/", files.file, name="file"),
    path("files/<slug:key>/content/", files.content, name="content"),
    path("files/<slug:key>/pages/<int:number>/", files.page, name="page"),
    path("files/<slug:key>/revise/", files.revise, name="revise"),
    path("files/<slug:key>/withdraw/", files.withdraw, name="withdraw"),
]
