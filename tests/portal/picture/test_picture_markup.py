"""The HTML that shows a picture."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from jinja2 import Environment, StrictUndefined

from members_portal.portal.picture.picture_markup import cover_picture, picture_filter, picture_function, shown_pictures
from members_portal.portal.picture.picture_store import PictureStore
from tests.pictures import TAG, animation, halves, tagged
from tests.portal.small_portal import library_of, text, write


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Lay out a content folder with a picture, an animation and a drawing."""
    folder = write(tmp_path / "content", {"images/plan.svg": "<svg/>"})
    (folder / "images/a cup.jpg").write_bytes(tagged("jpg", image=halves(700, 350)))
    (folder / "images/turn.gif").write_bytes(animation())
    return folder


def rendered(content: Path, template: str, **values: object) -> str:
    """Render a template with the function and the filter, and shorten the digests."""
    env, store = Environment(autoescape=True, undefined=StrictUndefined), PictureStore(content)
    env.globals["picture"], env.filters["pictured"] = picture_function(store), picture_filter(store)
    html = env.from_string(template).render(root="../", **values)
    for number, path in enumerate(("images/a cup.jpg", "images/turn.gif")):
        html = html.replace(store.facts(path).digest[:24], f"DIGEST{number}")
    return html


CUP = (
    '<picture><source type="image/avif" srcset="../assets/pictures/DIGEST0-480.avif 480w,'
    ' ../assets/pictures/DIGEST0-700.avif 700w" sizes="{sizes}"><img srcset="../assets/pictures/DIGEST0-480.jpg 480w,'
    ' ../assets/pictures/DIGEST0-700.jpg 700w" sizes="{sizes}"{more}></picture>'
)


def test_a_template_shows_a_picture_in_its_widths(content: Path) -> None:
    html = rendered(content, '{{ picture("images/a cup.jpg", alt, "50vw", lazy=false) }}', alt='A "cup" & <b>')
    alt = "A &quot;cup&quot; &amp; &lt;b&gt;"
    more = f' width="700" height="350" src="../images/a%20cup.jpg" alt="{alt}"'
    assert html == CUP.format(sizes="50vw", more=more)


@pytest.mark.parametrize(("size", "portrait"), [((350, 700), True), ((700, 350), False), ((350, 350), False)])
def test_a_front_image_in_portrait_format_is_marked(content: Path, size: tuple[int, int], portrait: bool) -> None:
    (content / "images/tall.jpg").write_bytes(tagged("jpg", image=halves(*size)))
    html = rendered(content, '{{ picture("images/tall.jpg", "", "50vw") }}')
    assert ("<img data-portrait" in html or " data-portrait " in html) is portrait


def test_an_image_in_a_text_becomes_a_picture(content: Path) -> None:
    image = '<img alt="A cup" src="../images/a%20cup.jpg">'
    more = ' width="700" height="350" alt="A cup" src="../images/a%20cup.jpg"'
    expected = f"<p>{CUP.format(sizes='(min-width: 740px) 680px, 94vw', more=more)}</p>"
    assert rendered(content, "{{ html|pictured }}", html=f"<p>{image}</p>") == expected


def test_a_width_of_the_editor_stays(content: Path) -> None:
    image = '<img alt="A cup" width="120" src="../images/a%20cup.jpg">'
    more = image.removeprefix("<img").removesuffix(">")
    assert rendered(content, "{{ html|pictured }}", html=image) == CUP.format(sizes="min(120px, 94vw)", more=more)


@pytest.mark.parametrize(
    "html",
    [
        "<p>No picture.</p>",
        '<img src="../images/plan.svg" alt="A plan">',
        '<img src="../images/a%20cup.jpg" srcset="../images/turn.gif 2x" alt="">',
        '<picture><source srcset="../images/turn.gif"><img src="../images/a%20cup.jpg" alt=""></picture>',
    ],
)
def test_other_images_stay_as_they_are(content: Path, html: str) -> None:
    assert rendered(content, "{{ html|pictured }}", html=html) == html


def test_an_inline_picture_loses_its_metadata(content: Path) -> None:
    address = f"data:image/jpeg;base64,{b64encode(tagged('jpg')).decode()}"
    assert TAG.encode() in b64decode(address.partition(",")[2])
    html = rendered(content, "{{ html|pictured }}", html=f'<img src="{address}" alt="A cup">')
    start, data, end = re.split(r"base64,|(?=\" alt)", html)
    assert (start, end) == ('<img src="data:image/jpeg;', '" alt="A cup">')
    assert TAG.encode() not in b64decode(data)


def test_an_animation_stands_still_for_readers_who_prefer_it(content: Path) -> None:
    html = rendered(content, '{{ picture("images/turn.gif", "It turns", "50vw", lazy=false) }}')
    assert html == (
        '<picture><source media="(prefers-reduced-motion: reduce)" type="image/avif"'
        ' srcset="../assets/pictures/DIGEST1-32.avif 32w" sizes="50vw">'
        '<img width="32" height="20" src="../images/turn.gif" alt="It turns"></picture>'
    )


def test_the_pictures_of_an_item_are_those_of_its_page(tmp_path: Path) -> None:
    body = "![a](../images/a.jpg) [a link](../images/b.jpg) ![c](../images/c.svg)"
    body += "\n\n<img src='../images/d.jpg' srcset='../images/e.jpg 2x' alt='d'>"
    files = {f"images/{name}": "" for name in ("a.jpg", "b.jpg", "c.svg", "d.jpg", "e.jpg", "front.png")}
    item = text("A", "members", "Image: images/front.png\nImage alt: A front", body)
    library, _ = library_of(tmp_path, files | {"reports/a.md": item})
    assert shown_pictures(library.items["reports/a.md"]) == {"images/a.jpg", "images/front.png"}


@pytest.mark.parametrize(
    ("front", "expected"), [("Image: images/c.svg\nImage alt: The plan", "images/c.svg"), ("", "images/a cup.jpg")]
)
def test_a_list_shows_the_image_of_an_item_else_the_first_picture_in_its_text(
    tmp_path: Path, front: str, expected: str
) -> None:
    body = "![c](../images/c.svg)\n\n![a](<../images/a cup.jpg>)\n\n![b](../images/b.jpg)"
    files = dict.fromkeys(("images/c.svg", "images/a cup.jpg", "images/b.jpg"), "")
    library, _ = library_of(tmp_path, files | {"reports/a.md": text("A", "members", front, body)})
    assert cover_picture(library.items["reports/a.md"]) == expected
