"""Addresses: Chinese at the root, English under /en/, the REST door and the admin beside them."""

from allauth.idp.oidc import views as provider
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

# The identity provider's other pages (discovery, device codes, sign-out on demand) are not offered.
identity = [
    path("authorize", provider.authorization, name="authorization"),
    path("api/token", provider.token, name="token"),
    path("api/revoke", provider.revoke, name="revoke"),
]
urlpatterns = [
    path("api/", include("api.urls")),
    path("identity/o/", include(([path("", include((identity, "oidc")))], "idp"))),
    path("i18n/", include("django.conf.urls.i18n")),
    *i18n_patterns(
        path("manage/", admin.site.urls),
        path("accounts/", include("web.urls.sign_in")),
        path("", include("web.urls.site")),
        prefix_default_language=False,
    ),
]
handler400 = "config.unreadable.unreadable"
handler403 = "web.views.errors.forbidden"
handler404 = "web.views.errors.not_found"
handler429 = "web.views.errors.too_many"
handler500 = "web.views.errors.server_error"
