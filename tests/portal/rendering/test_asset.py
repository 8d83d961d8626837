"""Versioned addresses of theme files."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from members_portal.portal.rendering import asset
from members_portal.portal.rendering.asset import asset_versions, published_assets, theme_assets
from members_portal.portal.rendering.template_functions import asset_address
from tests.portal.small_portal import write


def test_a_version_follows_from_the_content_alone(tmp_path: Path) -> None:
    write(tmp_path, {"css/a.css": "p {}", "js/deep/b.js": "p {}", "c.svg": ""})
    found = asset_versions(published_assets(tmp_path))
    assert found == {"c.svg": "e3b0c44298", "css/a.css": "48d24394dd", "js/deep/b.js": "48d24394dd"}
    write(tmp_path, {"css/a.css": "b {}"})
    assert asset_versions(published_assets(tmp_path))["css/a.css"] == "cf2f3b6589"


def test_documentation_types_and_indentation_of_scripts_are_not_published(tmp_path: Path) -> None:
    script = "/* Purpose. */\n\n/**\n * Do it.\n * @param {string} a\n */\nfunction act(a) { // at once\n"
    script += "  /** @type {number} */\n  let b = 1; /** @type {number} */ let c = '/** text */';\n"
    script += "  let e = 2; // why\n  let f = '; // text'; // it's\n"
    script += "  // Why.\n  /** @type {number} */ let d = 1;\n/** Two. */\n}\n"
    write(tmp_path, {"a.js": script, "a.css": "/** p */\np {}"})
    published = "function act(a) { // at once\n"
    published += "let b = 1; let c = '/** text */';\nlet e = 2;\nlet f = '; // text'; // it's\nlet d = 1;\n}\n"
    assert published_assets(tmp_path) == {"a.css": b"/** p */\np {}", "a.js": published.encode()}


def test_a_page_asks_for_one_file_where_styles_or_scripts_import_others(tmp_path: Path) -> None:
    files = {
        "css/a.css": "p {}\n",
        "css/all.css": '/* All. */\n@import "a.css";\nb {}\n',
        "js/a.js": "/* Act. */\n'use strict';\n\nact();\n",
        "js/bundle/all.js": "/* All. */\n'use strict';\n\nimportScripts(\n  'theme/js/a.js',\n);\n",
    }
    write(tmp_path, files)
    found = published_assets(tmp_path)
    assert found["css/all.css"] == b"/* All. */\np {}\nb {}\n"
    assert found["js/bundle/all.js"] == b"'use strict';\nact();\n"
    write(tmp_path, {"css/all.css": '@import "b.css";\n'})
    with pytest.raises(FileNotFoundError, match=r"^static/css/all\.css asks for static/css/b\.css, which the theme"):
        published_assets(tmp_path)


def test_the_camera_library_is_an_asset_of_a_theme_with_a_camera(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = {"qr/decode.js": "// Read.\nexport {};\n", "qr/LICENSE-MIT": "As is.\n", "static/js/camera.js": ""}
    write(tmp_path, library)
    monkeypatch.setattr(asset, "CAMERA_LIBRARY", tmp_path / "qr")
    assets = theme_assets(tmp_path / "static")
    assert assets == {"js/camera.js": b"", "js/qr/decode.js": b"/*\nAs is.\n*/\nexport {};\n"}
    monkeypatch.setattr(asset, "CAMERA_LIBRARY", tmp_path / "not installed")
    assert list(theme_assets(tmp_path / "static")) == ["js/camera.js"]


def test_a_page_asks_for_a_version_from_where_it_stands() -> None:
    env = Environment(loader=DictLoader({"page": "{{ asset('css/a.css') }}", "other": "{{ asset('css/b.css') }}"}))
    env.globals["asset"] = asset_address({"css/a.css": "0123456789"})
    assert env.get_template("page").render(root="../../") == "../../theme/css/a.css?v=0123456789"
    with pytest.raises(FileNotFoundError, match=r"^other asks for static/css/b\.css, which the theme doesn't have$"):
        env.get_template("other").render(root="")
