from django.urls import URLPattern, path

from spona.coordination.views import duties, encounters, notifications

app_name = "coordination"
urlpatterns: list[URLPattern] = [
    path("encounters/", encounters.encounter_list, name="encounter_list"),
    path("encounters/new/", encounters.encounter_new, name="encounter_new"),
    path("encounters/new/light/", encounters.encounter_light, name="encounter_light"),
    path("encounters/new/child/", encounters.encounter_child, name="encounter_child"),
    path("encounters/<int:pk>/", encounters.encounter_detail, name="encounter_detail"),
    path("encounters/<int:pk>/state/", encounters.encounter_state, name="encounter_state"),
    path("encounters/<int:pk>/child/", encounters.encounter_to_child, name="encounter_to_child"),
    path("encounters/<int:pk>/asylum/", encounters.intention_add, name="intention_add"),
    path("encounters/<int:pk>/calls/", encounters.call_add, name="call_add"),
    path("notifications/<int:pk>/", notifications.notification_detail, name="notification_detail"),
    path(
        "notifications/<int:pk>/claim/",
        notifications.notification_claim,
        name="notification_claim",
    ),
    path("duties/<str:number>/", duties.duty_detail, name="duty_detail"),
    path("duties/<str:number>/obstacle/", duties.obstacle_add, name="obstacle_add"),
    path("duties/<str:number>/overcome/", duties.obstacle_overcome, name="obstacle_overcome"),
]
