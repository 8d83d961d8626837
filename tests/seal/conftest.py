"""Fixtures for the tests of `seal`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.seal.small_site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a site that was published once."""
    site = Site(tmp_path)
    site.publish()
    return site
