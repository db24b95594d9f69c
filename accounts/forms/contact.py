"""A contact: someone on the client's side."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.recording import Day, RecordForm, YesNo
from accounts.models import Contact


class ContactForm(RecordForm[Contact]):
    """Records a contact; the e-mail is kept in lower case."""

    adding = gettext_lazy("Record a contact")
    changing = gettext_lazy("Change a contact")
    added = gettext_lazy("The contact is saved.")
    layout: ClassVar = (("name", "email"), ("role", "decision_maker"), ("left_on",))

    decision_maker = YesNo(label=gettext_lazy("Makes decisions"))
    left_on = Day(
        required=False,
        label=gettext_lazy("Left on"),
        help_text=gettext_lazy("The day from which they are no longer with the client."),
    )

    class Meta:
        model = Contact
        fields = ("name", "email", "role", "decision_maker", "left_on")

    def clean_email(self) -> str:
        """The e-mail in lower case, which no other contact of the client has."""
        email = str(self.cleaned_data["email"]).lower()
        if email and (self.record is None or email != self.record.email):
            others = Contact.objects.filter(client=self.client, email=email)
            other = others.exclude(pk=self.instance.pk).exclude(external_id=self.new_id).first()
            if other is not None:
                raise ValidationError(_("%(name)s has this e-mail already.") % {"name": other.name})
        return email
