"""Icons: those of Lucide, whether they are drawn for the first time or again."""

from __future__ import annotations

from django.template import Context, Template
from lucide.templatetags.lucide import lucide


def test_an_icon_is_drawn_as_lucide_draws_it_each_time() -> None:
    page = Template('{% load lucide %}{% for name in names %}{% lucide name size=16 stroke_width="1.75" %}{% endfor %}')
    drawn = page.render(Context({"names": ["plus", "check", "plus"]}))
    assert drawn == "".join(lucide(name, size=16, stroke_width="1.75") for name in ("plus", "check", "plus"))
    assert drawn.count("<svg") == 3
