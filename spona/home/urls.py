from django.urls import path

from spona.home.views import desk, notices, search

app_name = "home"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("waiting/<int:organisation_id>/", desk.owed_list, name="owed_list"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("search/", search.search, name="search"),
]
