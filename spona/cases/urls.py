from django.urls import path

from spona.cases import views

app_name = "cases"
urlpatterns = [
    path("documents/<int:pk>/", views.document_detail, name="document_detail"),
    path("<int:case_id>/documents/add/", views.document_add, name="document_add"),
    path("<int:case_id>/notes/add/", views.note_add, name="note_add"),
    path("notes/<int:pk>/correct/", views.note_correct, name="note_correct"),
    path("<int:case_id>/needs/add/", views.need_add, name="need_add"),
    path("needs/<int:pk>/resolve/", views.need_resolve, name="need_resolve"),
    path("<int:case_id>/conferences/new/", views.conference_new, name="conference_new"),
    path("conferences/<int:pk>/hold/", views.conference_hold, name="conference_hold"),
]
