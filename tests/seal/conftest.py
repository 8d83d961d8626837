"""What the tests of `seal` start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.seal.small_site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Give a site that was published once."""
    site = Site(tmp_path)
    site.publish()
    return site
