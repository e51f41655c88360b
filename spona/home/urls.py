from django.urls import path

from spona.home.views import (
    calendar,
    desk,
    figure_rows,
    figures,
    filters,
    held,
    network,
    notices,
    search,
)

app_name = "home"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("desk/filters/", filters.filters_keep, name="filters_keep"),
    path("waiting/<int:organisation_id>/", desk.owed_list, name="owed_list"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("search/", search.search, name="search"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/renew/", calendar.calendar_renew, name="calendar_renew"),
    path("calendar/end/", calendar.calendar_end, name="calendar_end"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("figures/", figures.figures, name="figures"),
    path("figures/rows/", figure_rows.figure_rows, name="figure_rows"),
    path("figures/without-guardian/", figure_rows.figure_cases, name="figure_cases"),
    path("figures/rules/", held.held, name="held"),
    path("figures/network/", network.network, name="figures_network"),
]
