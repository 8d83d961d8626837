"""Versioned addresses of theme files."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from members_portal.portal.rendering.asset import asset_address, asset_versions, published_assets
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
    script += "  // Why.\n  /** @type {number} */ let d = 1;\n/** Two. */\n}\n"
    write(tmp_path, {"a.js": script, "a.css": "/** p */\np {}"})
    published = "\nfunction act(a) { // at once\n"
    published += "let b = 1; let c = '/** text */';\nlet d = 1;\n}\n"
    assert published_assets(tmp_path) == {"a.css": b"/** p */\np {}", "a.js": published.encode()}


def test_a_page_asks_for_a_version_from_where_it_stands() -> None:
    env = Environment(loader=DictLoader({"page": "{{ asset('css/a.css') }}", "other": "{{ asset('css/b.css') }}"}))
    env.globals["asset"] = asset_address({"css/a.css": "0123456789"})
    assert env.get_template("page").render(root="../../") == "../../theme/css/a.css?v=0123456789"
    with pytest.raises(FileNotFoundError, match=r"^other asks for static/css/b\.css, which the theme doesn't have$"):
        env.get_template("other").render(root="")
