"""All inputs of a run, checked together."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.portal.inputs import load_inputs
from tests.loyalty.small_club import MAYA, PROGRAMME
from tests.pictures import encoded, halves
from tests.portal.small_portal import ON, SITE_SETTINGS, text, write


def wrong(folder: Path) -> list[str]:
    """Read inputs; return the problems with their places."""
    with pytest.raises(InvalidInput) as caught:
        load_inputs(folder / "content", folder / "members", ON, SITE_SETTINGS)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_members_and_content_are_told_together(tmp_path: Path) -> None:
    write(tmp_path / "members", {"programme.yaml": PROGRAMME, "members.yaml": "- {id: M-1}\n"})
    write(tmp_path / "content", {"reports/x.md": text("X", "gold", "Interests: tea")})
    assert wrong(tmp_path) == [
        "content/reports/x.md:6:12: unknown interest `tea`, expected espresso, filter, decaf",
        "members/members.yaml:1:3: `formal name` is missing",
        "members/members.yaml:1:3: `given name` is missing",
        "members/members.yaml:1:3: `joined` is missing",
    ]


def test_members_links_and_photographs_are_told_together(tmp_path: Path) -> None:
    photo = PROGRAMME.replace("ines@lantern.example}", "ines@lantern.example, photo: images/ines.png}")
    write(tmp_path / "members", {"programme.yaml": photo, "members.yaml": f"- {MAYA}\n- {MAYA}\n"})
    write(tmp_path / "content", {"reports/x.md": text("X", "gold", body="[x](y.md)")})
    assert [problem.partition(": ")[0] for problem in wrong(tmp_path)] == [
        "content/reports/x.md:7:5",
        "members/members.yaml:2:8",
        "members/programme.yaml:8:95",
    ]


def test_a_photograph_is_found_in_either_form_of_unicode(tmp_path: Path) -> None:
    photo = PROGRAMME.replace("ines@lantern.example}", "ines@lantern.example, photo: images/in\u00eas.png}")
    write(tmp_path / "members", {"programme.yaml": photo, "members.yaml": f"- {MAYA}\n"})
    write(tmp_path / "content", {"reports/x.md": text("X", "gold"), "images/note.txt": ""})
    (tmp_path / "content/images/ine\u0302s.png").write_bytes(encoded(halves(), "PNG"))
    inputs = load_inputs(tmp_path / "content", tmp_path / "members", ON, SITE_SETTINGS)
    assert inputs.programme.account_managers[0].photo == "images/ine\u0302s.png"


def test_a_photograph_is_an_image_below_content(tmp_path: Path) -> None:
    for photo, found in (("images/ines.png", True), ("reports/x.md", False), ("../members/members.yaml", False)):
        programme = PROGRAMME.replace("ines@lantern.example}", f"ines@lantern.example, photo: {photo}}}")
        write(tmp_path / "members", {"programme.yaml": programme, "members.yaml": f"- {MAYA}\n"})
        write(tmp_path / "content", {"reports/x.md": text("X", "gold"), "images/note.txt": ""})
        (tmp_path / "content/images/ines.png").write_bytes(encoded(halves(), "PNG"))
        if found:
            inputs = load_inputs(tmp_path / "content", tmp_path / "members", ON, SITE_SETTINGS)
            assert (len(inputs.members), list(inputs.library.items), inputs.on) == (1, ["reports/x.md"], ON)
        else:
            assert wrong(tmp_path) == [f"members/programme.yaml:8:95: `{photo}` is no image below content/"]
