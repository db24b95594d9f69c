"""Amounts of money, read in whichever way people write one."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.numerals import NotANumber, TwoNumbers, currencies, number, plain
from accounts.reader_locale import decimal_mark, number_in_digits

DIGITS_BEFORE_THE_POINT = 16
DECIMALS = 4
THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""Currencies of which a thousand smaller units make one: everywhere else 1.500 is a thousand and a half."""


class Money(forms.CharField):
    """An amount in the client's currency, in whichever way people write one."""

    def __init__(self, currency: str, **options: Any) -> None:
        self.currency = currency
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        """The amount exactly; None where it was left blank."""
        text = super().to_python(value)
        if not text:
            return None
        others = currencies(text) - {self.currency}
        if others or ("€" in text and self.currency != "EUR"):
            raise ValidationError(_("Amounts of this client are in %(currency)s.") % {"currency": self.currency})
        try:
            amount = number(text, decimals_of_three=self.currency in THREE_DECIMALS)
        except TwoNumbers as two:
            raise ValidationError(
                _("This could be %(one)s or %(other)s: write it without the mark, or with another decimal.")
                % {"one": two.with_groups, "other": two.with_decimals}
            ) from None
        except NotANumber:
            raise ValidationError(
                _("Expected an amount, such as %(example)s.") % {"example": number_in_digits(Decimal("1234.5"), 2)}
            ) from None
        whole, _point, decimals = plain(abs(amount)).partition(".")
        if len(whole) > DIGITS_BEFORE_THE_POINT or len(decimals.rstrip("0")) > DECIMALS:
            raise ValidationError(_("Expected an amount of at most 16 digits and 4 decimals."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        """An amount in digits with the reader's own mark; what was typed as it was typed."""
        return plain(value, decimal_mark()) if isinstance(value, Decimal) else value
