"""A search that was kept: a text that becomes a secret later is found in files that have not changed."""

from __future__ import annotations

import io
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from members_portal.cache_entry import MAC_SIZE
from members_portal.coupon.coupon_code import coupon_code
from members_portal.loyalty.programme.audience import Audience
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.search.leak_check import check_plaintext, check_tiers
from members_portal.publish.validation import validate
from members_portal.seal import Secret
from members_portal.work_record import WorkRecord
from tests.long_cases import quick_and_long, quick_first
from tests.publish.project import DAY, SECRET, Project

KEY = Secret(bytes.fromhex(SECRET))
BELL, VISIT, WICKS = "reports/the-drowned-bell.md", "pages/visit.md", "offers/wick-voucher.md"
PLACE = "notes/index.html"  # a page in plaintext that each test writes


@dataclass
class Gate:
    """A release, the inputs that it was made from, and the file of a work record."""

    release: Path
    inputs: Inputs
    context: PublishContext
    record: Path

    def candidate(self, inputs: Inputs | None = None, *, kept: bool = True) -> Candidate:
        work = WorkRecord(self.record, KEY.cache_key()) if kept else WorkRecord()
        return Candidate(self.release, inputs or self.inputs, KEY, self.context, work=work)

    def passes(self, inputs: Inputs | None = None) -> None:
        """Search the release, find nothing, and keep what was learnt."""
        candidate = self.candidate(inputs)
        assert findings(candidate) == []
        candidate.keep()
        candidate.work.save()
        candidate.work.close()

    def finds(self, inputs: Inputs | None = None, *, compare: bool = False) -> list[str]:
        """Return the findings with the record; `compare` them with those without it."""
        found = findings(self.candidate(inputs))
        assert not compare or found == findings(self.candidate(inputs, kept=False))
        return found

    def write(self, text: str) -> None:
        (self.release / PLACE).parent.mkdir(exist_ok=True)
        (self.release / PLACE).write_text(f"<p>{text}</p>\n", "utf-8")


def findings(candidate: Candidate) -> list[str]:
    return [*check_plaintext(candidate), *check_tiers(candidate)]


@pytest.fixture(scope="module")
def harbour_inputs(harbour: Project) -> tuple[PublishContext, Inputs]:
    day = date.fromisoformat(DAY)
    context = make_context(harbour.environ(), root=harbour.root, on=day, today=day, now=1)
    return context, validate(context, None)


@pytest.fixture(scope="module")
def searched(
    harbour: Project, harbour_inputs: tuple[PublishContext, Inputs], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the record of a search of the whole release."""
    context, inputs = harbour_inputs
    file = tmp_path_factory.mktemp("record") / "work.sqlite"
    Gate(harbour.release, inputs, context, file).passes()
    return file


@pytest.fixture
def gate(harbour: Project, harbour_inputs: tuple[PublishContext, Inputs], searched: Path, tmp_path: Path) -> Gate:
    """Return the gate of a copy of the release, with the record of its search."""
    context, inputs = harbour_inputs
    release = Path(shutil.copytree(harbour.release, tmp_path / "release"))
    record = Path(shutil.copyfile(searched, tmp_path / "work.sqlite"))
    return Gate(release, inputs, context, record)


def changed(inputs: Inputs, path: str, **fields: object) -> Inputs:
    """Return the inputs with other fields of an item."""
    item = replace(inputs.library.items[path], **fields)  # type: ignore[arg-type]
    return with_items(inputs, {path: item})


def with_items(inputs: Inputs, items: Mapping[str, Item]) -> Inputs:
    return replace(inputs, library=replace(inputs.library, items={**inputs.library.items, **items}))


def with_body(inputs: Inputs, path: str, text: str) -> Inputs:
    """Return the inputs with another text of an item."""
    inputs = changed(inputs, path, rendered=f"<p>{text}</p>")
    document = replace(inputs.library.documents[path], body=text)
    return replace(inputs, library=replace(inputs.library, documents={**inputs.library.documents, path: document}))


def test_nothing_is_decoded_again_where_nothing_changed(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda file: pytest.fail(f"read {file}"))
    assert findings(gate.candidate()) == []


@pytest.mark.long
def test_a_title_is_found_in_an_old_page_when_its_audience_is_raised(gate: Gate) -> None:
    found = gate.finds(changed(gate.inputs, BELL, audience=Audience(frozenset({"copper", "staff"}))), compare=True)
    assert f"edition brass: index.html holds the title of {BELL}" in found
    assert not any(finding.startswith("edition copper") for finding in found)


def test_a_title_is_found_in_an_old_page_when_an_embargo_is_set(gate: Gate) -> None:
    found = gate.finds(changed(gate.inputs, BELL, embargo={"brass": date(2027, 1, 1)}))
    assert f"edition brass: index.html holds the title of {BELL}" in found


def test_a_title_is_found_in_an_old_page_on_a_day_before_its_publish_day(gate: Gate) -> None:
    found = gate.finds(replace(gate.inputs, on=date(2026, 11, 1)))
    assert any(f"holds the title of {BELL}" in finding for finding in found)


@pytest.mark.long
def test_a_title_of_a_public_item_is_found_in_plaintext_when_the_item_is_hidden(gate: Gate) -> None:
    found = gate.finds(changed(gate.inputs, VISIT, audience=Audience(frozenset({"staff"}))), compare=True)
    assert f"index.html holds the title of {VISIT} in clear" in found


def test_a_new_title_is_found_in_an_old_page(gate: Gate) -> None:
    gate.write("Here we are, lamps are lit by dusk at the quay")
    gate.passes()
    front = gate.inputs.library.items[BELL].front.model_copy(update={"title": "Lamps are lit by dusk at the quay"})
    assert f"{PLACE} holds the title of {BELL} in clear" in gate.finds(changed(gate.inputs, BELL, front=front))


@pytest.mark.parametrize(
    "form",
    quick_first(["Ottoline Vantage", "egatnaV enilottO", "&#79;ttoline&#32;Vantage", "T3R0b2xpbmUgVmFudGFnZQ=="], 1),
)
def test_a_new_members_name_is_found_in_an_old_page(gate: Gate, form: str) -> None:
    gate.write(f"Thanks to {form} for the lamp")
    gate.passes()
    member = replace_member(gate.inputs, given_name="Ottoline", family_name="Vantage")
    assert f"{PLACE} holds something about member L-777 in clear" in gate.finds(member)


def replace_member(inputs: Inputs, **fields: object) -> Inputs:
    """Return the inputs with a new member."""
    member = inputs.members[0].model_copy(
        update={"id": "L-777", "email": None, "phone": None, "address": None, **fields}
    )
    return replace(inputs, members=[*inputs.members, member])


@pytest.mark.long
def test_a_new_members_address_is_found_in_an_old_page_and_a_longer_one_is_not(gate: Gate) -> None:
    gate.write("Write to jo.vantage@mail.example")
    gate.passes()
    assert gate.finds(replace_member(gate.inputs, email="vantage@mail.example")) == []
    found = gate.finds(replace_member(gate.inputs, email="jo.vantage@mail.example"))
    assert found == [f"{PLACE} holds something about member L-777 in clear"]


def test_a_word_is_found_in_an_old_page_when_a_hidden_text_uses_it(gate: Gate) -> None:
    gate.write("Some zirconium")
    gate.passes()
    assert gate.finds(with_body(gate.inputs, BELL, "Zirconium")) == [f"{PLACE} holds a word of {BELL} in clear"]


def test_a_phrase_is_found_in_an_old_page_when_no_public_text_excuses_it_any_longer(gate: Gate) -> None:
    title = gate.inputs.library.items[BELL].front.title
    gate.write(title)
    gate.passes(with_body(gate.inputs, VISIT, f"We heard of {title}."))
    assert f"{PLACE} holds the title of {BELL} in clear" in gate.finds()


@pytest.mark.long
def test_a_coupon_code_is_found_in_an_old_page_when_its_offer_gets_coupons(gate: Gate) -> None:
    gate.write(coupon_code(KEY, "wick-voucher", "L-101", 1))
    gate.passes()
    front = gate.inputs.library.items[WICKS].front.model_copy(update={"coupon": True})
    assert f"{PLACE} holds a coupon code of {WICKS} in clear" in gate.finds(changed(gate.inputs, WICKS, front=front))


@pytest.mark.long
def test_a_till_key_is_found_in_an_old_page_and_is_not_kept(gate: Gate) -> None:
    front = gate.inputs.library.items[WICKS].front.model_copy(update={"coupon": True})
    inputs = changed(gate.inputs, WICKS, front=front)
    key = KEY.derive("coupon key", "wick-voucher", "1")[:32].hex()
    gate.passes(inputs)
    assert key.encode() not in gate.record.read_bytes()
    gate.write(key)
    assert gate.finds(inputs) == [f"{PLACE} holds the till's key of {WICKS} in clear"]


def test_a_file_that_cannot_be_searched_in_full_is_never_kept(gate: Gate) -> None:
    data = b"Some zirconium"
    for _ in range(6):  # archives inside one another, more than are read
        with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
            archive.writestr("x", data)
        data = file.getvalue()
    gate.write("Some words")
    (gate.release / "notes/pack.zip").write_bytes(data)
    for _ in range(2):
        candidate = gate.candidate()
        (said,) = findings(candidate)
        assert said.startswith("notes/pack.zip ")
        assert "archives inside one another" in said
        candidate.keep()  # a publish does not: it has stopped
        candidate.work.save()
        candidate.work.close()


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for place in range(4096, len(data), 512):
        data[place] ^= 1
    file.write_bytes(data)


def forget_words(file: Path) -> None:
    with closing(sqlite3.connect(file)) as table, table:
        table.execute("DELETE FROM entry WHERE kind LIKE '%words' OR kind LIKE '%evidence' OR kind LIKE '%vocabulary'")


def replace_with_another_sites(file: Path) -> None:
    """Replace the record with that of another site, which knows each text and found nothing in it."""
    with closing(sqlite3.connect(file)) as table:
        entries = table.execute("SELECT kind, digest, data FROM entry").fetchall()
    file.unlink()
    other = WorkRecord(file, Secret(bytes(31) + b"1").cache_key())
    for kind, digest, data in entries:
        other.keep(kind, digest, data[MAC_SIZE:])
    other.save()
    other.close()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut": truncate,
    "flipped": flip,
    "without words": forget_words,
    "of another site": replace_with_another_sites,
    "missing": Path.unlink,
}


@pytest.mark.parametrize("damage", quick_and_long(DAMAGES, {"flipped"}))
def test_a_damaged_record_hides_nothing(gate: Gate, damage: str) -> None:
    gate.write("Some zirconium, and Ottoline Vantage")
    gate.passes()
    DAMAGES[damage](gate.record)
    inputs = replace_member(with_body(gate.inputs, BELL, "Zirconium"), given_name="Ottoline", family_name="Vantage")
    assert gate.finds(inputs) == [
        f"{PLACE} holds a word of {BELL} in clear",
        f"{PLACE} holds something about member L-777 in clear",
    ]
