"""The agency itself: its name and logo, what account managers read, and the language clients are written to in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import logos
from accounts.models import Agency


class AgencyForm(forms.ModelForm[Agency]):
    """All of it; a logo that is not given stays as it is."""

    upload = forms.FileField(
        required=False,
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy("PNG, JPEG, WebP or GIF, up to 2 MB. It is drawn anew, up to 640 by 200 pixels."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    without_logo = forms.BooleanField(required=False, label=gettext_lazy("Without a logo"))

    class Meta:
        model = Agency
        fields = ("name", "language", "managers_read")
        labels = {
            "name": gettext_lazy("Name"),
            "language": gettext_lazy("Clients are written to in"),
            "managers_read": gettext_lazy("Account managers read"),
        }
        help_texts = {
            "name": gettext_lazy("As clients know it. It stands on their page and in what is mailed to them."),
            "language": gettext_lazy("Until they choose. Your own pages are in English."),
            "managers_read": gettext_lazy(
                "They record on the accounts whose team they are on, in either case. Leadership reads all."
            ),
        }
        widgets = {"managers_read": forms.RadioSelect}

    field_order = ("name", "upload", "without_logo", "language", "managers_read")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "organization"
        if not self.instance.logo:
            del self.fields["without_logo"]

    def clean_upload(self) -> bytes | None:
        """The picture, drawn anew."""
        file = self.cleaned_data["upload"]
        if not isinstance(file, UploadedFile):
            return None
        try:
            return logos.drawn_anew(file)  # type: ignore[arg-type]  # an upload reads as a file does
        except logos.NoPicture as wrong:
            said = {
                "large": _("Expected a file of 2 MB at most."),
                "pixels": _("Expected a picture of 16 million pixels at most."),
            }
            raise ValidationError(said.get(str(wrong), _("Expected a picture: PNG, JPEG, WebP or GIF."))) from wrong

    def save(self, commit: bool = True) -> Agency:
        """Writes it, with the logo where another was given."""
        if self.cleaned_data["upload"]:
            self.instance.logo = self.cleaned_data["upload"]
        elif self.cleaned_data.get("without_logo"):
            self.instance.logo = None
        return super().save(commit)
