"""The preview: a sealed release beside the real output, served, with sign-in links."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from members_portal.publish.command.preview import input_changes
from members_portal.publish.context import make_context
from members_portal.publish.live_reload.preview_server import publish_of
from tests.independent_reader import Release
from tests.publish.project import DAY, Project, files_of, lay_in_fonts
from tests.publish.running_preview import Preview, free_port, wait_for
from tests.publish.test_leaky import LEAKY, lay_over


@pytest.fixture
def preview(project: Project, cut_fonts: Path) -> Iterator[Preview]:
    lay_in_fonts(cut_fonts, project.root / ".build" / "preview")
    running = Preview(project, PORTAL_SITEURL="https://lamps.example/club")
    yield running
    running.kill()


def test_a_preview_from_start_to_end(preview: Preview) -> None:
    """Check one process (its start takes seconds): served pages, links, a change, an error, the end."""
    project = preview.project
    before, real = files_of(project.release), os.readlink(project.output)

    assert preview.lines[-1].startswith(f"Serving http://127.0.0.1:{preview.port}/club/ until Ctrl-C")
    assert preview.get("/club/") == (200, (preview.release() / "index.html").read_bytes())
    assert preview.get("/club/reports/the-drowned-bell/") == (404, (preview.release() / "404.html").read_bytes())
    assert preview.get("/")[0] == 404

    assert list(preview.links) == ["member", "pewter", "brass", "copper", "staff"]
    for edition, link in preview.links.items():
        address, code = link.split("#")
        assert address == f"http://127.0.0.1:{preview.port}/club/"
        opened = Release(preview.release(), code)
        assert f"tiers/{edition}/" if edition != "staff" else "Crew" in opened.read("").decode()
    assert preview.links["brass"].endswith(project.code("L-103"))  # the real codes

    first = preview.release()
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    wait_for(lambda: preview.release() != first, preview)
    assert b"Come by at noon" in preview.get("/club/visit/")[1]

    second = preview.release()
    assert preview.process.stderr is not None
    project.edit("content/pages/visit.md", "Audience: public", "Audience: nobody")
    while "content/pages/visit.md:4:11" not in (said := preview.process.stderr.readline()):
        assert said
    assert preview.release() == second
    with urllib.request.urlopen(f"http://127.0.0.1:{preview.port}/club/_/preview", timeout=60) as events:
        assert b"content/pages/visit.md:4:11" in events.readline()
    project.edit("content/pages/visit.md", "Audience: nobody", "Audience: public")
    project.edit("content/pages/visit.md", "Come by at noon", "Come by at dawn")
    wait_for(lambda: b"Come by at dawn" in preview.get("/club/visit/")[1], preview)

    _, err = preview.stop()
    assert preview.process.returncode == 130
    assert err.endswith("interrupted; the release in force is whole\n")
    assert "Traceback" not in err
    assert (files_of(project.release), os.readlink(project.output)) == (before, real)


@pytest.mark.parametrize("edited", ["content/pages/visit.md", "own_filter.py"])
def test_a_change_during_the_first_publish_is_not_lost(project: Project, edited: str) -> None:
    day = date.fromisoformat(DAY)
    (project.root / "own_filter.py").write_text("END = 'Come by at dusk'\n", "utf-8")
    changes = input_changes(make_context({}, root=project.root, on=day, today=day, now=0))
    next(changes)  # the preview publishes now
    project.edit(edited, "Come by at dusk", "Come by at noon")
    next(changes)  # without the change it would wait for ever


def test_a_module_is_watched_after_an_editor_has_replaced_it_and_when_it_is_new(project: Project) -> None:
    day, module = date.fromisoformat(DAY), project.root / "own_filter.py"
    module.write_text("END = 1\n", "utf-8")
    changes = input_changes(make_context({}, root=project.root, on=day, today=day, now=0))
    next(changes)
    draft = project.root / "members.tmp"  # this file is not watched
    for text in ("END = 2\n", "END = 3\n", "import own_words\n"):
        draft.write_text(text, "utf-8")
        (project.root / "own_words.py").write_text("END = 4\n", "utf-8")
        draft.replace(module)
        next(changes)  # without a change that is seen it would wait for ever
    (project.root / "own_words.py").write_text("END = 5\n", "utf-8")
    next(changes)


@pytest.mark.long
def test_a_port_in_use_is_told(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = project.run("serve", "--port", str(taken.getsockname()[1]))
        port = taken.getsockname()[1]
    assert (run.code, run.out) == (1, "")
    assert run.err == f"error: port {port} is in use; state another one with --port\n"
    assert "Traceback" not in run.text


@pytest.mark.long
def test_a_port_in_use_is_told_before_anything_is_published(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = project.run("preview", "--port", str(port := taken.getsockname()[1]))
    assert (run.code, run.out) == (1, "")
    assert run.err == f"error: port {port} is in use; state another one with --port\n"
    assert not (project.root / ".build" / "preview" / "releases").exists()


@pytest.mark.long
def test_after_a_bad_start_the_links_are_there_and_the_pages_follow(project: Project, cut_fonts: Path) -> None:
    lay_in_fonts(cut_fonts, project.root / ".build" / "preview")
    project.edit("content/pages/visit.md", "Audience: public", "Audience: nobody")
    preview = Preview(project)
    assert list(preview.links) == ["member", "pewter", "brass", "copper", "staff"]
    assert preview.get("/")[0] == 404
    beside = Preview(project)  # a second preview has a folder of its own
    assert sorted(folder.name for folder in (project.root / ".build").glob("preview*")) == ["preview", "preview-2"]
    beside.stop()
    project.edit("content/pages/visit.md", "Audience: nobody", "Audience: public")
    wait_for(lambda: preview.get("/visit/")[0] == 200, preview)
    preview.stop()


@pytest.mark.long
def test_a_leak_is_withdrawn_when_the_gate_has_found_it(preview: Preview) -> None:
    first, said = preview.release(), list[dict[str, str]]()
    lay_over(LEAKY / "members-name-in-the-404-page", preview.project)
    with urllib.request.urlopen(f"http://127.0.0.1:{preview.port}/club/_/preview", timeout=60) as events:
        preview.project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
        while not (said and said[-1]["title"]):
            line = events.readline()
            said += [json.loads(line.removeprefix(b"data: "))] if line.startswith(b"data: ") else []
    before, shown, withdrawn = (state["publish"] for state in said)
    assert before == withdrawn == publish_of(first) != shown
    assert "something about member L-103" in str(said[-1]["faults"])
    assert preview.release() == first
    assert [path.name for path in first.parent.iterdir()] == [first.name]


@pytest.mark.long
def test_serving_the_release_in_force(project: Project) -> None:
    port = free_port()
    process: subprocess.Popen[str] = project.start("serve", "--port", str(port))
    assert process.stdout is not None
    assert process.stdout.readline() == f"Serving output/ at http://127.0.0.1:{port}/ until Ctrl-C.\n"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
        assert answer.read() == (project.release / "index.html").read_bytes()
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=120)[1] == "interrupted; the release in force is whole\n"
    assert process.returncode == 130
