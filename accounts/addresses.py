"""How a record's public id stands in an address, whatever text it is."""

from functools import lru_cache

from django.urls import get_script_prefix, register_converter, reverse

_MARK = "~"
_STEPS = frozenset({".", ".."})
"""What browsers take for a step in the path, and leave out or go up by, also where it is written in percents."""
_NEW = "new"
"""What addresses have in the place of an id where there is no record yet."""


class ExternalId:
    """Any text without a NUL byte, slashes included: ids come out of other people's programs.

    Each part after a slash is marked, so that none can be taken for what follows the id in an address: of an
    account `acme/content` is `acme/~content`, and `acme/content` the content of `acme`.
    """

    regex = r"[^\x00/]*(?:/~[^\x00/]*)*"

    def to_python(self, value: str) -> str:
        """The id that an address names."""
        return "/".join(part.removeprefix(_MARK) for part in value.split("/"))

    def to_url(self, value: str | int) -> str:
        """The id as its address has it; Django writes the rest in percents."""
        first, *others = str(value).split("/")
        marked = first in _STEPS or first == _NEW or first.startswith(_MARK)
        return "/".join([f"{_MARK}{first}" if marked else first, *(f"{_MARK}{part}" for part in others)])


register_converter(ExternalId, "external_id")


def address(name: str, *arguments: str) -> str:
    """Where the page of this name is; NoReverseMatch where there is none.

    A page that lists accounts or records leads to each of them, and the next page to the same ones: what was worked
    out once is kept.
    """
    return _address(get_script_prefix(), name, arguments)


@lru_cache(maxsize=10_000)
def _address(_prefix: str, name: str, arguments: tuple[str, ...]) -> str:
    return reverse(name, args=arguments)
