"""Which quarter's review a reader chose."""

from django import forms


class QuarterForm(forms.Form):
    """The label of a quarter; whether there is such a review is the page's to say."""

    quarter = forms.SlugField(max_length=7)
