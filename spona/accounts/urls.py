"""Addresses under /accounts/. Of allauth's own pages only those are here that Spona uses."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import URLPattern, path, re_path

from spona.accounts import views
from spona.accounts.adapters import ReplaceSecondFactor, SetUpSecondFactor, reauthenticate

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("people/", views.people_list, name="people_list"),
    path("people/<int:pk>/roles/", views.membership_roles, name="membership_roles"),
    path("people/<int:pk>/end/", views.membership_end, name="membership_end"),
    path("invitations/new/", views.invitation_send, name="invitation_send"),
    path("invitations/<int:pk>/withdraw/", views.invitation_withdraw, name="invitation_withdraw"),
    path("invitations/open/<str:token>/", views.invitation_accept, name="invitation_accept"),
    path("invitations/join/<str:token>/", views.invitation_join, name="invitation_join"),
    path("organisation/", views.organisation_choose, name="organisation_choose"),
    path("sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("sessions/end-others/", views.session_end_others, name="session_end_others"),
    path("roster/", views.roster, name="roster"),
    path("roster/new/", views.shift_plan, name="shift_plan"),
    path("roster/<int:pk>/substitute/", views.shift_substitute, name="shift_substitute"),
    path("roster/<int:pk>/cancel/", views.shift_cancel, name="shift_cancel"),
]

# Names that allauth looks up itself, so without a namespace; included by config/urls.py.
sign_in: list[URLPattern] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/code/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/set-up/", SetUpSecondFactor.as_view(), name="mfa_activate_totp"),
    path("second-factor/replace/", ReplaceSecondFactor.as_view(), name="mfa_deactivate_totp"),
    path(
        "second-factor/recovery/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/recovery/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("sessions/", views.session_list, name="usersessions_list"),
]
