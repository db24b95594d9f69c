"""Words that people typed, as charts may print them."""

ELLIPSIS = "…"


def as_text(words: str, longest: int = 0) -> str:
    """Someone's words for plotly, which would take some of them for markup; cut to so many letters, 0: never."""
    plain = " ".join(words.split())
    if longest and len(plain) > longest:
        plain = plain[: longest - 1].rstrip() + ELLIPSIS
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
