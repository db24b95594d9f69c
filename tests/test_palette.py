"""Tests of the colours: each can be read where it stands, and each is told from the others by every kind of eye.

Everything is read from static/css/tokens.css, which pages and charts take their colours from.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations

import pytest

from agency import environment

Rgb = tuple[float, float, float]

TOKENS = (environment.ROOT / "static" / "css" / "tokens.css").read_text()
THEMES = ("light", "dark")

SURFACES = ("bg", "surface", "sunken", "hovered", "chosen")
TEXT_ANYWHERE = ("ink", "ink-2")
# Words of these colours and the surfaces they stand on.
TEXT_ON = {
    "ink-3": ("bg", "surface", "sunken", "hovered", "numbers-soft", "scope-soft"),
    "accent": ("bg", "surface", "hovered"),
    "numbers": ("bg", "surface", "hovered", "numbers-soft", "deepening-soft"),
    "scope": ("bg", "surface", "hovered", "scope-soft"),
    "up": ("bg", "surface", "hovered", "up-soft", "scope-soft"),
    "down": ("bg", "surface", "hovered", "down-soft", "scope-soft"),
    "stalling": ("bg", "surface", "hovered", "stalling-soft"),
    "ink": ("stalling-soft", "down-soft"),
    "surface": ("ink", "accent"),
}
# What is drawn and must be seen, but is no text: WCAG asks for 3 : 1.
DRAWN_ON = {"control": ("bg", "surface"), "accent": ("bg", "surface", "sunken")}

# Machado, Oliveira and Fernandes, 2009, severity 1.0, on linear RGB.
EYES = {
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def token(name: str, theme: str) -> Rgb:
    """A token's colour in a theme, as linear red, green and blue."""
    found = re.search(rf"--{name}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\);", TOKENS)
    assert found, f"--{name} is not light-dark(#rrggbb, #rrggbb)"
    text = found[1 + THEMES.index(theme)]
    red, green, blue = (linear(int(text[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return red, green, blue


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else math.pow((channel + 0.055) / 1.055, 2.4)


def luminance(colour: Rgb) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), colour, strict=True))


def contrast(one: Rgb, other: Rgb) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def through(matrix: tuple[Rgb, Rgb, Rgb], colour: Rgb) -> Rgb:
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, colour, strict=True)))) for row in matrix
    )
    return red, green, blue


def oklab(colour: Rgb) -> Rgb:
    red, green, blue = colour
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def distance(one: Rgb, other: Rgb) -> float:
    """How far two colours are apart in OKLab, times 100."""
    return 100 * math.dist(oklab(one), oklab(other))


def nearest(one: str, other: str) -> float:
    """The same over all eyes and both themes, where it is least."""
    return min(
        distance(through(matrix, token(one, theme)), through(matrix, token(other, theme)))
        for matrix in EYES.values()
        for theme in THEMES
    )


def pairs() -> Iterator[tuple[str, str, float]]:
    for text in TEXT_ANYWHERE:
        for surface in SURFACES:
            yield text, surface, 4.5
    for least, colours in ((4.5, TEXT_ON), (3.0, DRAWN_ON)):
        for colour, surfaces in colours.items():
            for surface in surfaces:
                yield colour, surface, least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("colour", "surface", "least"), list(pairs()))
def test_what_is_said_in_a_colour_can_be_read_where_it_stands(
    colour: str, surface: str, least: float, theme: str
) -> None:
    found = contrast(token(colour, theme), token(surface, theme))
    assert found >= least, f"{colour} on {surface}, {theme}: {found:.2f}"


def test_black_on_white_is_as_far_apart_as_contrast_goes() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert distance((0, 0, 0), (1, 1, 1)) == pytest.approx(100, abs=0.1)


def test_numbers_and_scope_are_told_apart_by_every_eye() -> None:
    assert nearest("numbers", "scope") >= 23


def test_up_and_down_are_told_apart_by_every_eye() -> None:
    assert nearest("up", "down") >= 13.8


def test_no_two_patterns_look_alike_to_any_eye() -> None:
    patterns = {"compounding": "up", "stalling": "stalling", "deepening": "numbers", "at risk": "down"}
    for (one, its), (other, the_others) in combinations(patterns.items(), 2):
        assert nearest(its, the_others) >= 8.7, f"{one} and {other}"


def test_no_colour_is_written_but_in_the_tokens_or_as_a_shade_of_one() -> None:
    for file in sorted((environment.ROOT / "static" / "css").glob("*.css")):
        if file.name == "tokens.css":
            continue
        for written in re.findall(r"#[0-9a-fA-F]{3,8}\b", file.read_text()):
            assert (file.name, written) in {
                ("controls.css", "#2b2f37"),  # the primary button while one is about to press it
                ("controls.css", "#d9dce1"),
                ("print.css", "#fff"),  # paper
                ("alone.css", "#fff"),  # what a camera reads a code from, in the dark as well
                ("alone.css", "#15171c"),
                ("outbox.css", "#f8f8f6"),  # a mail, on its own paper
                ("people.css", "#fff"),  # the paper that a logo was drawn for
                ("portal.css", "#fff"),
            }, f"{file.name}: {written}"


def test_every_token_that_is_used_exists() -> None:
    declared = set(re.findall(r"--([a-z0-9-]+):", TOKENS))
    for file in (environment.ROOT / "static" / "css").glob("*.css"):
        own = set(re.findall(r"--([a-z0-9-]+): attr\(", file.read_text()))
        assert set(re.findall(r"var\(--([a-z0-9-]+)", file.read_text())) <= declared | own, file.name
