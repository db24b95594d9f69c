"""What every answer says to the browser, whoever made it: pages, files, refusals and failures alike."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

UNLESS_SAID = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


class HeadersMiddleware:
    """The first of all: what a page says of itself stands, what it does not say is said here.

    A page is kept by nobody, neither by a proxy nor by the browser of a borrowed computer, unless it says how.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, with its headers."""
        response = self.get_response(request)
        for name, value in UNLESS_SAID.items():
            response.headers.setdefault(name, value)
        return response
