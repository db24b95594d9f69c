"""How a record's public id stands in an address, whatever text it is."""

_MARK = "~"
_STEPS = frozenset({".", ".."})
"""What browsers take for a step in the path, and leave out or go up by, also where it is written in percents."""


class ExternalId:
    """Any text without a NUL byte, slashes included: ids come out of other people's programs."""

    regex = r"[^\x00]+"

    def to_python(self, value: str) -> str:
        """The id that an address names."""
        return "/".join(part.removeprefix(_MARK) for part in value.split("/"))

    def to_url(self, value: str) -> str:
        """The id as its address has it; Django writes the rest in percents."""
        return "/".join(
            f"{_MARK}{part}" if part in _STEPS or part.startswith(_MARK) else part for part in value.split("/")
        )
