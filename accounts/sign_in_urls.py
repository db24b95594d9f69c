"""Signing in and out, and what one signs in with. Of allauth's pages only those that mean something here are there."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as authenticator
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts.views.you import password, you

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-in/out/", views.logout, name="account_logout"),
    path("sign-in/closed/", views.account_inactive, name="account_inactive"),
    path("sign-in/code/", login_not_required(views.request_login_code), name="account_request_login_code"),
    path("sign-in/code/enter/", views.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/second-factor/", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", login_not_required(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/again/", views.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/second-factor/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("you/authenticator/", authenticator.activate_totp, name="mfa_activate_totp"),
    path("you/authenticator/removal/", authenticator.deactivate_totp, name="mfa_deactivate_totp"),
    path("you/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("you/recovery-codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("you/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("you/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("you/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("you/passkeys/<int:pk>/removal/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    # What allauth calls one's own page.
    path("you/", you, name="mfa_index"),
    path("you/", you, name="mfa_list_webauthn"),
    path("you/", you, name="usersessions_list"),
    path("you/password/", password, name="account_change_password"),
    path("you/password/", password, name="account_set_password"),
]
