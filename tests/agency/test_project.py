"""Tests of what the repository promises about itself: migrations, requirements, files out of packages, health."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from agency import environment
from agency.package_files import PackageFinder


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["run", "dev"])
def test_requirements_are_exact_hashed_and_name_no_host(name: str) -> None:
    text = (environment.ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip())
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==[^\s]+ \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n?)+", entry), entry
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash", ""), re.MULTILINE)


def test_every_dependency_is_named_with_its_reason() -> None:
    text = (environment.ROOT / "pyproject.toml").read_text()
    for line in re.findall(r"^    \"[a-zA-Z].*$", text.partition("[tool.")[0], re.MULTILINE):
        assert re.search(r'", +# \S+', line), line


def test_files_out_of_packages_are_found_one_by_one() -> None:
    assert str(finders.find("vendor/plotly.min.js")).endswith("package_data/plotly.min.js")
    listed = {name: storage.path(name) for name, storage in PackageFinder().list(None)}
    assert set(listed) == {"vendor/plotly.min.js", "vendor/inter.ttf"}
    assert finders.find("vendor/widgetbundle.js") is None


def test_a_file_that_its_package_lacks_fails_the_check(settings: Any) -> None:
    settings.PACKAGE_STATICFILES = {"vendor/a.js": ("plotly", "package_data/a.js"), "vendor/b.js": ("nowhere", "b.js")}
    assert [error.id for error in PackageFinder().check()] == ["agency.E002", "agency.E002"]


def test_files_are_collected_under_hashed_names(settings: Any, tmp_path: Any) -> None:
    settings.PACKAGE_STATICFILES = {"vendor/inter.ttf": settings.PACKAGE_STATICFILES["vendor/inter.ttf"]}
    settings.STATIC_ROOT = str(tmp_path)
    settings.STATICFILES_FINDERS = ["agency.package_files.PackageFinder"]
    forget: Any = finders.get_finder
    forget.cache_clear()
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    finally:
        forget.cache_clear()
    assert (tmp_path / "vendor" / "inter.ttf").stat().st_size > 100_000


def test_the_process_and_its_database_answer_machines(db: None, client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        response = client.get(path)
        assert (response.status_code, response.content) == (200, b"ok\n")
        assert "no-store" in response["Cache-Control"]


def test_whoever_is_not_signed_in_is_sent_to_sign_in(db: None, client: Client) -> None:
    response = client.get("/admin/")
    assert response.status_code == 302
    assert client.get("/sign-in/").status_code == 200
