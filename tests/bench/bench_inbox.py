"""Ten thousand answers from a folder: the CPU time and the memory of `portal inbox`, on one core.

python -m tests.bench.bench_inbox [answers]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench.processes import usage_of
from tests.inbox.letters import Letter
from tests.publish.project import HARBOUR, MEMBERS, ROOT, SECRET, copy_settings, noon

ANSWERS = 10_000
FORMS = ROOT / "tests" / "inbox" / "forms"
WORDS = "The handle of the small lamp turns warm after an hour, and the hook is a size too small for the boat. "


def main(answers: int = ANSWERS) -> None:
    """Print the figures."""
    root = Path(tempfile.mkdtemp(prefix="bench-inbox-"))
    try:
        _make_project(root)
        for number in range(answers):
            (root / "post" / f"{number % 100:02}" / f"{number}.eml").write_bytes(_mail(number))
        environ = {"PATH": os.environ["PATH"], "HOME": str(root), "LANG": "C.UTF-8", "PORTAL_SECRET": SECRET}
        environ |= {"PORTAL_NOW": noon("2026-11-20"), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        command = ["taskset", "-c", "0", sys.executable, "-m", "members_portal", "inbox", "post"]
        usage = usage_of(command, root, environ)
        rows = (root / "members" / "inbox" / "taken.csv").read_text("utf-8").count("\n") - 1
        print(f"inbox_answers  {rows} answers")
        print(f"inbox_cpu  {usage.cpu:.1f} s")
        print(f"inbox_clock  {usage.wall:.1f} s")
        print(f"inbox_peak_memory  {usage.peak / 1e6:.0f} MB", flush=True)
    finally:
        shutil.rmtree(root)


def _make_project(root: Path) -> None:
    shutil.copytree(HARBOUR, root, dirs_exist_ok=True)
    shutil.copytree(FORMS, root / "content", dirs_exist_ok=True)
    (root / "theme").symlink_to(ROOT / "theme")
    copy_settings(root)
    for file in (root / "content").rglob("*.md"):  # more answers of one member than a form takes by default
        text = file.read_text("utf-8")
        file.write_text(text if "most:" in text else text.replace("Form:\n", "Form:\n  most: 100000\n"), "utf-8")
    for number in range(100):
        (root / "post" / f"{number:02}").mkdir(parents=True)


def _mail(number: int) -> bytes:
    """Return an e-mail with a reply, a survey or a few words."""
    member = list(MEMBERS)[number % 5]
    if number % 3 == 0:
        letter = Letter("events/rowing-out", {"coming": "Yes", "persons": str(number % 4 + 1)}, member, seed=number)
    elif number % 3 == 1:
        letter = Letter("forms/tell-us", {"theme": "Delivery", "words": WORDS * (number % 12 + 1)}, member, seed=number)
    else:
        letter = Letter("forms/tell-us", {"words": WORDS}, member, seed=number)
    return letter.mail()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
