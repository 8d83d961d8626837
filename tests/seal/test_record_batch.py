"""Records sealed in other processes: each member reads what one process would have sealed, and errors are the same."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pytest

from members_portal.seal import BadTree, Enrolment, open_release, record_batch, verify_release
from members_portal.seal.member_slots import PIECES_FILE, SLOTS_FILE
from members_portal.workers.spread import Spread
from tests.seal.small_site import Site, secret_of
from tests.workers.same_process import SameProcess

MEMBERS = 9


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return a site that seals its records in batches of two."""
    monkeypatch.setattr(record_batch, "FEWEST_RECORDS", 1)
    monkeypatch.setattr(record_batch, "RECORDS_PER_BATCH", 2)
    site = Site(tmp_path, files={"editions/gold/index.html": "gold"}, roster=())
    site.roster = tuple(Enrolment(f"M-{n}", "gold", 1) for n in range(MEMBERS))
    for n in range(MEMBERS):
        site.files[f"members/M-{n}/slots.json"] = f'{{"greeting":[{{"html":"Hello {n}","from":null,"until":null}}]}}'
    site.files["members/M-1/letter.pdf"] = "%PDF a letter"
    return site


def greetings(site: Site) -> list[str]:
    """Return the greeting of each member, read from the release."""
    verify_release(site.release, site.secret.public_key)
    records = [open_release(site.release, site.code(one.member)).record for one in site.roster]
    return [record.slots["greeting"][0].html for record in records if record]


def test_each_member_reads_the_record_that_a_worker_sealed(busy: Site) -> None:
    busy.runner = workers = SameProcess()
    busy.publish()
    assert greetings(busy) == [f"Hello {n}" for n in range(MEMBERS)]
    assert len(workers.batches) == -(-MEMBERS // 2)
    letter = open_release(busy.release, busy.code("M-1"))
    assert letter.record is not None
    assert [*letter.record.files] == ["letter.pdf"]


@pytest.mark.long
def test_each_member_reads_the_record_that_a_process_sealed(busy: Site) -> None:
    with Spread() as busy.runner:
        busy.publish()
    assert greetings(busy) == [f"Hello {n}" for n in range(MEMBERS)]


def test_workers_get_no_secret_of_the_site(busy: Site) -> None:
    busy.runner = workers = SameProcess()
    busy.publish()
    secret = hashlib.sha256(b"lantern").digest()
    assert secret_of("lantern").site == busy.secret.site
    sent = b"".join(workers.batches)
    assert b"Hello" not in sent  # slots are sent compressed
    assert busy.secret.site.encode() in sent
    assert secret not in sent
    assert secret.hex().encode() not in sent


@pytest.mark.parametrize("runner", [None, SameProcess()], ids=["one process", "batches"])
@pytest.mark.parametrize(
    ("piece", "message"),
    [
        (b"not zlib", "slots.z, member M-0: the slots of a member do not unpack"),
        (zlib.compress(b"{}"), "slots.tsv, member M-0: the slots are not those that were made for this member"),
    ],
    ids=["damaged", "another"],
)
def test_an_error_is_that_of_one_process(busy: Site, piece: bytes, message: str, runner: Spread | None) -> None:
    line = f"M-0\t{hashlib.sha256(b'x').hexdigest()}\t{len(piece)}\n"
    busy.files = {"editions/gold/index.html": "gold", SLOTS_FILE: line, PIECES_FILE: piece}
    busy.runner = runner
    with pytest.raises(BadTree) as caught:
        busy.publish()
    assert str(caught.value) == message
