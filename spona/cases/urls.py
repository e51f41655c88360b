from django.urls import path

from spona.cases.views import records

app_name = "cases"
urlpatterns = [
    path("documents/<int:pk>/", records.document_detail, name="document_detail"),
    path("<int:case_id>/documents/add/", records.document_add, name="document_add"),
    path("<int:case_id>/notes/add/", records.note_add, name="note_add"),
    path("notes/<int:pk>/correct/", records.note_correct, name="note_correct"),
    path("<int:case_id>/needs/add/", records.need_add, name="need_add"),
    path("needs/<int:pk>/resolve/", records.need_resolve, name="need_resolve"),
    path("<int:case_id>/conferences/new/", records.conference_new, name="conference_new"),
    path("conferences/<int:pk>/hold/", records.conference_hold, name="conference_hold"),
]
