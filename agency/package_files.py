"""Static files out of installed packages, one by one: what a package ships besides them is not published."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage


class _Renamed(FileSystemStorage):
    """Shows each chosen file under the name it is served by, wherever it lies."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__(location="/")
        self._chosen = files
        self.prefix = ""

    def path(self, name: str) -> str:
        return str(self._chosen[name])


def _lies_at(package: str, file: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        if (path := Path(folder, file)).is_file():
            return path
    return None


class PackageFinder(BaseFinder):
    """Finds the files named in PACKAGE_STATICFILES."""

    def __init__(self, app_names: object = None) -> None:
        found = {name: _lies_at(*where) for name, where in settings.PACKAGE_STATICFILES.items()}
        self.missing = sorted(name for name, path in found.items() if path is None)
        self.files = {name: path for name, path in found.items() if path is not None}
        self.storage = _Renamed(self.files)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return [
            Error(
                f"{name} is missing: the package {settings.PACKAGE_STATICFILES[name][0]} has no such file.",
                hint="Install the requirements again, or correct PACKAGE_STATICFILES.",
                id="agency.E002",
            )
            for name in self.missing
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self.files.get(path)
        if find_all:
            return [str(found)] if found else []
        return str(found) if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in self.files:
            yield name, self.storage
