"""The public name of a record: what other programs and addresses call it."""

import secrets


def new_external_id() -> str:
    """An id nobody can guess, for a record made on the site: 16 characters, lower case."""
    return secrets.token_hex(8)
