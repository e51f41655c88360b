from django.urls import path

from spona.protocols import views

app_name = "protocols"
urlpatterns = [
    path("", views.version_list, name="version_list"),
    path("drafts/", views.draft_list, name="draft_list"),
    path("drafts/new/", views.draft_begin, name="draft_begin"),
    path("drafts/<int:pk>/", views.draft_detail, name="draft_detail"),
    path("drafts/<int:pk>/text/", views.draft_text, name="draft_text"),
    path("drafts/<int:pk>/undo/", views.draft_undo, name="draft_undo"),
    path("drafts/<int:pk>/abandon/", views.draft_abandon, name="draft_abandon"),
    path("drafts/<int:pk>/rules/new/", views.rule_new, name="rule_new"),
    path("drafts/<int:pk>/rules/<int:number>/", views.rule_edit, name="rule_edit"),
    path("drafts/<int:pk>/rules/<int:number>/remove/", views.rule_remove, name="rule_remove"),
    path("drafts/<int:pk>/new/<slug:section>/", views.part_new, name="part_new"),
    path("drafts/<int:pk>/part/<slug:section>/<slug:key>/", views.part_edit, name="part_edit"),
    path(
        "drafts/<int:pk>/part/<slug:section>/<slug:key>/remove/",
        views.part_remove,
        name="part_remove",
    ),
    path("drafts/<int:pk>/compare/", views.draft_compare, name="draft_compare"),
    path("drafts/<int:pk>/try/", views.draft_try, name="draft_try"),
    path("drafts/<int:pk>/consult/", views.draft_consult, name="draft_consult"),
    path("drafts/<int:pk>/opinion/", views.opinion_give, name="opinion_give"),
    path("drafts/opinions/<int:pk>/answer/", views.opinion_answer, name="opinion_answer"),
    path("drafts/<int:pk>/sign/", views.draft_sign, name="draft_sign"),
    path("drafts/<int:pk>/reviewer/", views.reviewer_ask, name="reviewer_ask"),
    path("drafts/<int:pk>/reopen/", views.draft_reopen, name="draft_reopen"),
    path("drafts/<int:pk>/publish/", views.draft_publish, name="draft_publish"),
    path(
        "compare/<slug:protocol>/<str:old>/<str:new>/",
        views.version_compare,
        name="version_compare",
    ),
    path(
        "print/<slug:protocol>/<str:version>/<slug:kind>/",
        views.version_print,
        name="version_print",
    ),
    path("<slug:protocol>/<str:version>/", views.version_detail, name="version_detail"),
    path("<slug:protocol>/<str:version>/<str:rule_id>/", views.rule_detail, name="rule_detail"),
]
