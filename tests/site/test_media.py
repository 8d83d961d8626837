"""Pictures for each screen, video, audio and captions on a member's page: all come from the sealed edition."""

from __future__ import annotations

import base64
import io
import wave
from collections.abc import Callable

import pytest

from tests.js.reader import Reader
from tests.site.sample import Sample
from tests.site.tour import told

RECORD = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 64, height: 48});
  const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: 'video/webm;codecs=vp8'});
  const parts = [];
  recorder.ondataavailable = ({data}) => parts.push(data);
  const done = new Promise(resolve => { recorder.onstop = resolve; });
  recorder.start();
  for (let turn = 0; turn < 20; turn += 1) {
    canvas.getContext('2d').fillStyle = `hsl(${turn * 18}, 80%, 50%)`;
    canvas.getContext('2d').fillRect(0, 0, 64, 48);
    await new Promise(resolve => { setTimeout(resolve, 40); });
  }
  recorder.stop();
  await done;
  return new Uint8Array(await new Blob(parts).arrayBuffer()).toBase64();
}"""
LOOK = """async () => {
  const pictures = [...document.querySelectorAll('main article img, main .prose img')];
  for (const picture of pictures) picture.loading = 'eager';
  await Promise.all(pictures.map(picture => picture.decode()));
  const played = media => new Promise((resolve, reject) => {
    media.muted = true;
    media.ontimeupdate = () => { if (media.currentTime > 0) resolve(media.currentTime); };
    media.onerror = () => reject(media.error.message);
    media.play().catch(reject);
  });
  const media = [...document.querySelectorAll('video, audio')];
  const times = await Promise.all(media.map(played));
  const {track} = document.querySelector('track');
  const poster = await fetch(document.querySelector('video').poster);
  return {
    pictures: pictures.map(({currentSrc}) => new URL(currentSrc).pathname.split('/').pop()),
    times: times.every(time => time > 0),
    count: times.length,
    cues: [...track.cues].map(({text}) => text),
    poster: poster.headers.get('content-type'),
  };
}"""
TEXT = """---
Title: In motion
Summary: A summary.
Audience: members
Publish: 2026-11-01
---
<p><img src="../images/kettle-pour.svg" srcset="../images/lantern.svg 2x" alt="A lantern"></p>

<picture>
<source srcset="../images/crema.webp 1x, ../images/three-strand.webp 2x" type="image/webp">
<img src="../images/drying-beds.png" alt="A cup">
</picture>

<video controls preload="auto" poster="../images/drying-beds.png" width="64" height="48">
<source src="../media/clip.webm" type="video/webm">
<track default kind="captions" src="../media/clip.vtt" srclang="en" label="English">
</video>

<audio controls src="../media/tone.wav"></audio>
"""
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\nThe drum turns.\n"


def tone() -> bytes:
    """Return a second of sound."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join((number % 40 * 400).to_bytes(2, "little") for number in range(8000)))
    return file.getvalue()


@pytest.mark.long
def test_pictures_and_media_of_a_page_are_shown_and_played_from_the_edition(
    visit: Callable[..., Reader], own_portal: Sample
) -> None:
    reader = visit(own_portal, device_scale_factor=2)
    reader.go()
    folder = own_portal.folder / "content/media"
    folder.mkdir()
    (folder / "clip.webm").write_bytes(base64.b64decode(reader.page.evaluate(RECORD)))
    (folder / "clip.vtt").write_text(CAPTIONS, "utf-8")
    (folder / "tone.wav").write_bytes(tone())
    (own_portal.folder / "content/reports/in-motion.md").write_text(TEXT, "utf-8")
    own_portal.publish()
    reader.page.goto(own_portal.link("M-1001"))
    told(reader)
    since = len(own_portal.requests)
    reader.go("reports/in-motion/")
    assert reader.page.evaluate(LOOK) == {
        "pictures": ["lantern.svg", "three-strand.webp"],
        "times": True,
        "count": 2,
        "cues": ["The drum turns."],
        "poster": "image/png",
    }
    asked = [request.split(" ", 2)[1] for request in own_portal.requests[since:]]
    assert [path for path in asked if "media" in path or "images" in path] == []  # no path of a member in clear
