"""A portal with forms, never published: the inbox needs no release."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.inbox.quay import Quay
from tests.publish.project import HARBOUR, ROOT, Project, copy_settings

FORMS = Path(__file__).parent / "forms"


@pytest.fixture
def quay(warm: subprocess.Popen[str], tmp_path: Path) -> Quay:
    """Give a portal of one's own with the forms of this folder."""
    root = tmp_path / "portal"
    shutil.copytree(HARBOUR, root)
    shutil.copytree(FORMS, root / "content", dirs_exist_ok=True)
    (root / "theme").symlink_to(ROOT / "theme")
    copy_settings(root)
    images = root / "content/images"
    shutil.copyfile(images / "quay.png", images / "bell-rubbing.png")  # small: each command decodes all pictures
    return Quay(Project(root, warm))
