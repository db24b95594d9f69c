"""Who is there: what one fills in to come in, and to show once more who one is."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, ReauthenticateForm, RequestLoginCodeForm
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base.forms import AuthenticateForm as FactorForm
from allauth.mfa.base.forms import ReauthenticateForm as FactorAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import sign_in_notes
from accounts.models import Person


class LabelsAlone:
    """allauth's forms with labels alone saying what goes where: a placeholder goes away while one types."""

    fields: dict[str, forms.Field]
    first = "code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields[self.first].widget.attrs["autofocus"] = True


class SignInForm(LabelsAlone, LoginForm):  # type: ignore[misc]  # allauth has no types
    """An e-mail and a password."""

    first = "login"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")


class SendCodeForm(LabelsAlone, RequestLoginCodeForm):  # type: ignore[misc]
    """The address that a code is sent to, where somebody signs in by it. Nobody is told whether that is so."""

    first = "email"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")

    def clean_email(self) -> str:
        """The address as it was invited, in lower case; no other address of theirs counts."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = Person.objects.filter(email=email, is_active=True).first()
        return email


class EnterCodeForm(LabelsAlone, ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that was sent."""


class PasswordAgainForm(LabelsAlone, ReauthenticateForm):  # type: ignore[misc]
    """The password, once more."""

    first = "password"


class SecondFactorForm(LabelsAlone, FactorForm):  # type: ignore[misc]
    """A code of the authenticator, or one of the recovery codes."""


class SecondFactorAgainForm(LabelsAlone, FactorAgainForm):  # type: ignore[misc]
    """The same, once more."""


class AuthenticatorForm(LabelsAlone, ActivateTOTPForm):  # type: ignore[misc]
    """The first code that a new authenticator shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The code it shows")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class PasskeySignInForm(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in by itself."""

    def clean_credential(self) -> Any:
        """One that is not right is a sign-in that failed; whose it was is not known."""
        try:
            return super().clean_credential()
        except (ValidationError, AttributeError, KeyError, TypeError, ValueError) as wrong:
            # Anybody may send anything here, and some of it allauth trips over.
            sign_in_notes.passkey_was_wrong(context.request)
            raise get_factor_adapter().validation_error("incorrect_code") from wrong


class PasskeyForm(LabelsAlone, AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, by what its owner will know it. Each one signs in by itself."""

    first = "name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("What you will know it by: this laptop, your phone, the key on your ring.")
        self.fields["passwordless"] = forms.BooleanField(initial=True, widget=forms.HiddenInput)
