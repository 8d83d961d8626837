"""The places of settings in a settings file, and in the files it imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.settings_file import assigned_literals, assigned_places
from tests.portal.small_portal import PROJECT


def test_the_keys_of_the_project_have_places() -> None:
    places = assigned_places(PROJECT / "publishconf.py")
    email = places[("PORTAL_SITE", "contact", "email")]
    lines = (PROJECT / "pelicanconf.py").read_text("utf-8").split("\n")
    assert lines[email[1] - 1][email[2] - 1 :].startswith('"email": ')
    assert places[("SITEURL",)][0].name == "publishconf.py"


def test_the_last_assignment_counts_in_the_file_that_makes_it(tmp_path: Path) -> None:
    (tmp_path / "pelicanconf.py").write_text(
        'SITENAME = "A"\nDEFAULT_LANG: str = "en"\nPORTAL_SITE = {"company": "x"}\n'
    )
    conf = tmp_path / "publishconf.py"
    conf.write_text('import os\nfrom pelicanconf import *\n\nSITENAME = "B"\nPORTAL_SITE["company"] = "y"\n')
    places = {path: (file.name, line, column) for path, (file, line, column) in assigned_places(conf).items()}
    assert places == {
        ("SITENAME",): ("publishconf.py", 4, 1),
        ("DEFAULT_LANG",): ("pelicanconf.py", 2, 1),
        ("PORTAL_SITE",): ("pelicanconf.py", 3, 1),
        ("PORTAL_SITE", "company"): ("publishconf.py", 5, 1),
    }


@pytest.mark.parametrize(
    "source", ["", "PORTAL_SITE = \n", "\0", "from conf import *\n", "from nowhere import *\n", "a.b = f().x = 1\n"]
)
def test_a_file_without_plain_assignments_has_no_places(tmp_path: Path, source: str) -> None:
    (tmp_path / "conf.py").write_text(source)
    assert assigned_places(tmp_path / "conf.py") == {}
    assert assigned_places(tmp_path / "absent.py") == {}


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("", []),
        ("OTHER = 'x'\n", []),
        ("PASSES = {}\n", []),
        ("PASSES = {'apple': {'key': 'a.pem'}, 'list': ['b', 1, None]}\n", ["apple", "list", "key", "a.pem", "b"]),
        ("PASSES = {'key': 'a'}\nPASSES = {'key': 'b'}\n", ["key", "a", "key", "b"]),
        ("PASSES = {'key': FOLDER + 'a'}\n", None),
        ("PASSES = {}\nPASSES['key'] = 'a'\n", None),
        ("PASSES: dict = {'key': 'a'}\n", None),
        ("if CI:\n    PASSES = {'key': 'a'}\n", None),
        ("A = PASSES = {}\n", None),
    ],
)
def test_plain_texts_of_a_setting_are_read(tmp_path: Path, source: str, texts: list[str] | None) -> None:
    (tmp_path / "conf.py").write_text(source)
    assert assigned_literals(tmp_path / "conf.py", "PASSES") == texts
