"""The till's camera: reads codes in a Chromium whose camera is a film of a member's phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, expect

from members_portal.coupon.coupon_code import coupon_code
from tests.conftest import ARGUMENTS, CHROMIUM
from tests.js.reader import Reader
from tests.site.sample import Sample
from tests.site.tour import told

FRAME = (640, 480)
QR_SIZE = 300  # pixels


def film(file: Path, text: str) -> None:
    """Write a film of a QR code, as Motion JPEG."""
    rows = list(segno.make_qr(text, error="l").matrix_iter(border=4))
    code = Image.new("L", (len(rows), len(rows)))
    code.putdata([0 if dark else 255 for row in rows for dark in row])
    frame = Image.new("L", FRAME, 160)
    frame.paste(code.resize((QR_SIZE, QR_SIZE)), ((FRAME[0] - QR_SIZE) // 2, (FRAME[1] - QR_SIZE) // 2))
    frame.convert("RGB").save(file, "JPEG", quality=90)


@pytest.fixture
def filmed(browser: Browser, portal: Sample, tmp_path: Path) -> Iterator[tuple[Reader, Path]]:
    """Open the till with a camera that shows a film; the film is written before the camera is turned on."""
    file = tmp_path / "film.mjpeg"
    film(file, "empty")
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    source = f"--use-file-for-fake-video-capture={file}"
    own = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera, source])
    reader = Reader(own, portal)
    reader.page.goto(portal.link("S-01"))
    told(reader)
    reader.go("till/")
    yield reader, file
    troubles = reader.troubles
    own.close()
    assert troubles == []


def test_the_camera_reads_a_coupon_and_refuses_a_letter(filmed: tuple[Reader, Path], portal: Sample) -> None:
    reader, file = filmed
    answer = reader.page.get_by_role("status", name="Answer")
    button = reader.page.get_by_role("button", name="Camera")
    film(file, coupon_code(portal.secret, "a-cup-for-eighty", "M-1001", 1).replace("-", ""))
    button.click()
    expect(answer).to_contain_text("A cup for eighty beans")
    expect(reader.page.locator("video")).to_be_hidden()
    film(file, "M-1001")
    button.click()
    expect(answer).to_contain_text("Maya Okafor")
    film(file, "another code")
    button.click()
    expect(answer).to_have_attribute("data-outcome", "other")
    film(file, portal.link("M-1001"))
    button.click()
    expect(answer).to_have_attribute("data-outcome", "access-code")
    expect(reader.page.get_by_label("Coupon code")).to_have_value("")
