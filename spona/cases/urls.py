from django.urls import path

from spona.cases.views import around, casework, ledger, records

app_name = "cases"
urlpatterns = [
    path("documents/<int:pk>/", records.document_detail, name="document_detail"),
    path("<int:case_id>/documents/add/", records.document_add, name="document_add"),
    path("<int:case_id>/notes/add/", records.note_add, name="note_add"),
    path("notes/<int:pk>/correct/", records.note_correct, name="note_correct"),
    path("<int:case_id>/needs/add/", records.need_add, name="need_add"),
    path("needs/<int:pk>/resolve/", records.need_resolve, name="need_resolve"),
    path("<int:case_id>/conferences/new/", records.conference_new, name="conference_new"),
    path("<int:case_id>/assessments/<slug:kind>/", casework.assessment_add, name="assessment_add"),
    path("assessments/<int:pk>/correct/", casework.assessment_correct, name="assessment_correct"),
    path("<int:case_id>/plan/new/", casework.plan_new, name="plan_new"),
    path("plans/<int:pk>/change/", casework.plan_change, name="plan_change"),
    path("plans/<int:pk>/review/", casework.plan_review, name="plan_review"),
    path("plans/<int:pk>/goals/add/", casework.goal_add, name="goal_add"),
    path("goals/<int:pk>/reach/", casework.goal_reach, name="goal_reach"),
    path("goals/<int:pk>/drop/", casework.goal_drop, name="goal_drop"),
    path("<int:case_id>/closure/propose/", casework.closure_propose, name="closure_propose"),
    path("closures/<int:pk>/return/", casework.closure_return, name="closure_return"),
    path("interpreters/", around.interpreter_list, name="interpreter_list"),
    path("interpreters/new/", around.interpreter_new, name="interpreter_new"),
    path("interpreters/<int:pk>/", around.interpreter_change, name="interpreter_change"),
    path("<int:case_id>/interpreting/add/", around.interpreting_add, name="interpreting_add"),
    path("<int:case_id>/parties/add/", around.case_party_add, name="case_party_add"),
    path("parties/<int:pk>/end/", around.case_party_end, name="case_party_end"),
    path("<int:case_id>/hearings/add/", around.hearing_add, name="hearing_add"),
    path("hearings/<int:pk>/told/<slug:whom>/", around.hearing_told, name="hearing_told"),
    path("<int:case_id>/links/add/", around.case_link_add, name="case_link_add"),
    path("links/<int:pk>/end/", around.case_link_end, name="case_link_end"),
    path("<int:case_id>/detention/add/", around.detention_add, name="detention_add"),
    path("<int:case_id>/bases/add/", ledger.basis_add, name="basis_add"),
    path("bases/<int:pk>/review/", ledger.basis_review, name="basis_review"),
]
