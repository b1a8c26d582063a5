"""Addresses of the pages of people and enterprises."""

from django.urls import path

from web.views.accounts import certificates, enterprises, looks, mails, members, people, postings, sites, workbench

app_name = "accounts"
urlpatterns = [
    path("me/", workbench.workbench, name="workbench"),
    path("me/postings/", postings.own_postings, name="postings"),
    path("me/settings/", people.person, name="person"),
    path("me/notices/", people.notices, name="notices"),
    path("me/notices/read/", people.read_notices, name="read_notices"),
    path("me/notices/unread/", mails.unread, name="unread"),
    path("me/notices/<int:pk>/", people.notice, name="notice"),
    path("me/mails/", mails.mails, name="mails"),
    path("mail/stop/<str:token>/", mails.stop_mails, name="stop_mails"),
    path("me/looks/", looks.looks, name="looks"),
    path("me/acting/", enterprises.act_for, name="act_for"),
    path("me/enterprise/", enterprises.edit, name="edit_enterprise"),
    path("me/enterprise/verification/", enterprises.verification, name="request_verification"),
    path("me/members/", members.members, name="members"),
    path("me/members/<int:pk>/role/", members.role, name="member_role"),
    path("me/members/<int:pk>/remove/", members.remove, name="remove_member"),
    path("me/members/<int:pk>/accept/", members.accept_request, name="accept_join_request"),
    path("me/members/<int:pk>/refuse/", members.refuse_request, name="refuse_join_request"),
    path("me/invitations/<int:pk>/cancel/", members.cancel, name="cancel_invitation"),
    path("me/sites/", sites.sites, name="sites"),
    path("me/sites/new/", sites.new_site, name="new_site"),
    path("me/sites/<int:pk>/", sites.site, name="edit_site"),
    path("me/sites/<int:pk>/remove/", sites.remove, name="remove_site"),
    path("me/sites/<int:pk>/equipment/", sites.new_equipment, name="add_equipment"),
    path("me/equipment/<int:pk>/remove/", sites.take_equipment_away, name="remove_equipment"),
    path("me/certificates/", certificates.certificates, name="certificates"),
    path("me/certificates/new/", certificates.new_certificate, name="new_certificate"),
    path("me/certificates/<int:pk>/", certificates.certificate, name="edit_certificate"),
    path("me/certificates/<int:pk>/remove/", certificates.remove, name="remove_certificate"),
    path("me/certificates/<int:pk>/evidence/", certificates.evidence, name="certificate_evidence"),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
    path("enterprises/new/", enterprises.register, name="register_enterprise"),
    path("enterprises/join/", enterprises.join, name="join_enterprise"),
    path("enterprises/<str:key>/", enterprises.enterprise, name="enterprise"),
]
