"""All pages, each area in its own namespace below ``web``."""

from django.urls import include, path

app_name = "web"
urlpatterns = [
    path("", include("web.urls.pages")),
    path("", include("web.urls.clients")),
    path("", include("web.urls.accounts")),
    path("", include("web.urls.networks")),
    path("", include("web.urls.moderation")),
    path("", include("web.urls.matching")),
    path("", include("web.urls.postings")),
    path("", include("web.urls.partnerships")),
    path("", include("web.urls.packages")),
    path("", include("web.urls.talks")),
    path("", include("web.urls.consortia")),
    path("", include("web.urls.overflows")),
    path("", include("web.urls.coordination")),
    path("", include("web.urls.parks")),
    path("", include("web.urls.insights")),
    path("", include("web.urls.hydrogen")),
    path("", include("web.urls.desk")),
    path("", include("web.urls.days")),
]
