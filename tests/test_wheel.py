"""The wheel carries everything: built, installed into an empty environment, it harvests."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from harvesters.samples import SampleProvider

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    # Without isolation: the build tools are there, and nothing is fetched.
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_templates_migrations_static_files_translations_and_data_are_in_it(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("templates", "migrations"):
        wanted = {
            f"oer/{path.relative_to(ROOT)}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert wanted <= names
    for folder in ("oer", "harvesters"):
        wanted = {
            str(path.relative_to(ROOT))
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert wanted <= names
    assert not any(name.startswith(("tests/", "benchmarks/", "docs/")) for name in names)


@pytest.mark.slow
def test_installed_elsewhere_it_helps_harvests_and_serves_pages(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    site = next((tmp_path / "venv" / "lib").glob("python*")) / "site-packages"
    # The dependencies of this environment, but not the checkout itself: its editable path file and
    # metadata are left out, so what runs below is the wheel alone.
    for path in Path(sys.prefix).glob("lib/python*/site-packages/*"):
        if "oer" not in path.name.lower() and path.name != "__pycache__":
            (site / path.name).symlink_to(path)
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index",
         "--quiet", str(wheel)],
        check=True,
    )  # fmt: skip

    def oer(*arguments):
        done = subprocess.run(
            [tmp_path / "venv" / "bin" / "oer", *arguments],
            env=os.environ | {"OER_DATA_DIR": str(tmp_path / "data")},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "harvest" in oer("--help")
    with SampleProvider("metsola") as sample:
        oer("source", "add", "metsola", sample.base_url, "--internal")
        assert json.loads(oer("harvest", "run", "metsola", "--json"))["state"] == "complete"
    assert json.loads(oer("search", "fotosynteesi", "--json"))["total"] >= 1
    page = subprocess.run(
        [python, "-c", FRONT_PAGE],
        env=os.environ | {"OER_DATA_DIR": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert page.stdout.startswith("200 "), page.stderr
    assert str(tmp_path) in page.stdout


FRONT_PAGE = """
import oer
from oer.app import create_app
from oer.settings import Settings
page = create_app(Settings.from_environ()).test_client().get("/fi/")
print(page.status_code, oer.__file__)
"""
