"""What authenticators and recovery codes are made from: kept encrypted, so that a copy of the database lets nobody in.

The key follows from SECRET_KEY. After that was changed, those in SECRET_KEY_FALLBACKS still read what they wrote, and
`manage.py migrate` writes it anew under the first.
"""

import logging
from base64 import urlsafe_b64encode

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

KEPT_IN = ("secret", "seed")
"""Where in an authenticator's data allauth keeps what is a secret; of passkeys it keeps none."""


class Unreadable(Exception):
    """It was written under a key that is not among ours any more."""


def encrypted(text: str) -> str:
    """The text as it is kept."""
    return _keys()[0].encrypt(text.encode()).decode()


def decrypted(kept: str) -> str:
    """The text that was kept. Raises Unreadable."""
    try:
        return MultiFernet(_keys()).decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


@transaction.atomic
def write_anew() -> int:
    """Writes under the first key what stands under another, or under none yet; says how many authenticators it did."""
    anew = 0
    for one in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).select_for_update():
        before = {name: one.data[name] for name in KEPT_IN if name in one.data}
        try:
            after = {name: _under_the_first(kept) for name, kept in before.items()}
        except Unreadable:
            logger.warning("Authenticator %s was written under a key that is not among ours any more.", one.pk)
            continue
        if after != before:
            one.data |= after
            one.save(update_fields=["data"])
            anew += 1
    return anew


def _under_the_first(kept: str) -> str:
    if _is_plain(kept):
        return encrypted(kept)
    try:
        _keys()[0].decrypt(kept.encode())
    except InvalidToken:
        return encrypted(decrypted(kept))
    return kept


def _is_plain(kept: str) -> bool:
    """Whether it is letters of base 32 or 16 alone, as allauth makes them; what is encrypted begins with another."""
    return not kept.startswith("g")


def _keys() -> list[Fernet]:
    return [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"soundings: second factors").derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))
