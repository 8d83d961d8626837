"""Another site on the same origin: its pages read and replace the data that the portal keeps in the browser."""

from __future__ import annotations

from pathlib import Path

from tests.js.host import Host
from tests.js.lantern import SCRIPTS

TITLE = "The neighbour"
TRAP = """
localStorage.setItem('caught', 'ran');
addEventListener('input', event => localStorage.setItem('caught', event.target.value), true);
"""
FORGED_PAGE = (
    f"<!DOCTYPE html><title>Forged</title><h1>Forged</h1><form><input name=code></form><script>{TRAP}</script>"
)
REPLACE = """
const TRAP = %r;
const FORGED_PAGE = %r;
const SCRIPTS = %r; // among them those that the worker imports

function forged(url) {
  const headers = {'content-type': 'text/javascript', refresh: '0;url=/other/'};
  if (url.includes('.js')) return new Response(TRAP, {headers});
  if (url.includes('.css')) return new Response('body { color: red }', {headers: {'content-type': 'text/css'}});
  return new Response(FORGED_PAGE, {headers: {'content-type': 'text/html'}});
}

async function replaceAll() {
  const cache = await caches.open('portal /club/ public');
  const urls = (await cache.keys()).map(({url}) => url);
  urls.push(...SCRIPTS.map(name => new URL(`/club/theme/js/${name}`, location).href));
  urls.push(new URL('/club/sw.js', location).href);
  urls.push(new URL('/club/404.html', location).href, new URL('/club/', location).href);
  for (const url of urls) await cache.put(url, forged(url));
  document.title = `replaced ${urls.length}`;
}

replaceAll();
"""


def move_in(host: Host) -> None:
    """Put the neighbour's site at `/other/`, on the origin of the portal at `/club/`."""
    folder: Path = host.site / "other"
    folder.mkdir()
    (folder / "sw.js").write_text("/* the neighbour's worker */", "utf-8")
    (folder / "replace.js").write_text(
        REPLACE % (TRAP, FORGED_PAGE, sorted(path.name for path in SCRIPTS.glob("*.js"))), "utf-8"
    )
    head = f"<!DOCTYPE html><meta charset=utf-8><link rel=icon href=data:,><h1>{TITLE}</h1>"
    (folder / "index.html").write_text(head, "utf-8")
    (folder / "replace.html").write_text(f"{head}<script src=replace.js></script>", "utf-8")
    (folder / "caught.html").write_text(f"{head}<script src=caught.js></script>", "utf-8")
    (folder / "caught.js").write_text("document.title = String(localStorage.getItem('caught'));", "utf-8")
