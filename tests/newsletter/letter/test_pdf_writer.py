"""Files written object by object, read back by qpdf: equal, shared where they were shared, and whole."""

from __future__ import annotations

import io
import subprocess
import zlib
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from members_portal.newsletter.letter.pdf_writer import PdfWriter, array, dictionary, reference, stream

AWKWARD = {
    "parentheses": String("a (b) ((c and a \\ backslash"),
    "line ends": String("one\rtwo\nthree\r\n\ttab"),
    "bytes": String(bytes(range(256))),
    "unicode": String("Łódź, 東京, نور"),
    "empty": String(""),
    "name": Name("/Source#20Serif"),
    "odd name": Name("/A(b)/<c>[d]{e}%f"),
    "whole": 12345678901,
    "below nothing": -7,
    "real": Object.parse(b"-0.5"),
    "small real": Object.parse(b"0.0000001"),
    "long real": Object.parse(b"3.14159265358979"),
    "yes": True,
    "no": False,
    "nested": Object.parse(b"[1 [2 [3 [] null] true] (x) /N <</A [<</B [false]>>]>>]"),
}


def written(root: Object) -> Pdf:
    """Copy an object into a file of its own, and read it."""
    file = io.BytesIO()
    writer = PdfWriter(file)
    with writer.copying():
        copied = writer.copy(root)
    close(writer, copied)
    return opened(file)


def close(writer: PdfWriter, shown: bytes) -> None:
    """Finish a file that has no pages, and shows an object in its catalog."""
    pages = writer.add(b"<</Type /Pages /Kids [] /Count 0>>")
    catalog = writer.add(dictionary({"Type": b"/Catalog", "Pages": reference(pages), "Shown": shown}))
    writer.close(catalog, writer.add(b"<<>>"), bytes(range(16)))


def opened(file: io.BytesIO) -> Pdf:
    """Read a file that nothing may be wrong with, not even so that it can be mended."""
    pdf = pikepdf.open(io.BytesIO(file.getvalue()), attempt_recovery=False)
    assert pdf.check_pdf_syntax() == []
    assert not pdf.get_warnings()
    return pdf


@pytest.fixture
def source() -> Pdf:
    return pikepdf.new()


@pytest.mark.parametrize("kind", AWKWARD)
def test_a_copy_equals_its_original(source: Pdf, kind: str) -> None:
    original = source.make_indirect(Dictionary(Entry=AWKWARD[kind], List=Array([AWKWARD[kind]])))
    pdf = written(original)
    copy = pdf.Root.Shown
    assert copy.unparse(resolved=True) == original.unparse(resolved=True)


def test_small_numbers_are_written_without_exponents() -> None:
    source = pikepdf.open(io.BytesIO(with_object(b"[0.0000001 -0.00000025 100000000000000000000.5]")))
    pdf = written(source.Root.Shown)
    assert pdf.Root.Shown.unparse() == b"[ 0.0000001 -0.00000025 100000000000000000000.5 ]"


def with_object(body: bytes) -> bytes:
    """Write a file with one object by hand."""
    file = io.BytesIO()
    writer = PdfWriter(file)
    close(writer, body)
    return file.getvalue()


@pytest.mark.parametrize("key", ["/A B", "/C#D", "/(e)", "/é", "/f/g", "/<<", "/[h]", "/%i"])
def test_keys_keep_letters_that_must_be_escaped(source: Pdf, key: str) -> None:
    original = source.make_indirect(Dictionary({key: 1, "/Plain": Name("/x")}))
    pdf = written(original)
    copy = pdf.Root.Shown
    assert copy == original
    assert list(copy.keys()) == list(original.keys())


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**31), 2**31)
    | st.binary(max_size=12).map(String)
    | st.text(max_size=8).map(String)
    | st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=6).map(lambda name: Name(f"/{name}x"))
    | st.decimals(-9999, 9999, places=4)
)
keys = st.from_regex(r"/[A-Za-z #()]{1,6}", fullmatch=True)


def objects(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Wrap objects in arrays and dictionaries."""
    kept = inner.filter(lambda value: value is not None)  # an entry of null is none
    return st.lists(inner, max_size=4).map(Array) | st.dictionaries(keys, kept, max_size=4).map(Dictionary)


@pytest.mark.long
@given(st.recursive(leaves, objects, max_leaves=12))
def test_any_object_is_copied_as_it_is(value: object) -> None:
    source = pikepdf.new()  # stays open: its objects don't keep it so
    original = source.make_indirect(Dictionary(Value=Array([value])))
    pdf = written(original)
    assert pdf.Root.Shown.unparse(resolved=True) == original.unparse(resolved=True)


def test_streams_keep_their_bytes_and_filters(source: Pdf) -> None:
    data = bytes(range(256)) * 5
    packed = Stream(source, zlib.compress(data), Filter=Name.FlateDecode, Kind=String("a(b"), Length=99)
    plain = Stream(source, b"endstream endobj\n" + data)
    root = source.make_indirect(Dictionary(Packed=packed, Plain=plain))
    pdf = written(root)
    copy = pdf.Root.Shown
    assert copy.Packed.read_bytes() == data
    assert copy.Packed.read_raw_bytes() == packed.read_raw_bytes()
    assert copy.Packed.Kind == "a(b"
    assert copy.Plain.read_bytes() == plain.read_bytes()
    assert "/Filter" not in copy.Plain


def test_what_is_shared_is_written_once(source: Pdf) -> None:
    shared = source.make_indirect(Dictionary(Font=Name.Shared))
    root = source.make_indirect(Dictionary(One=shared, Other=Array([shared, Dictionary(Deep=shared)])))
    file = io.BytesIO()
    writer = PdfWriter(file)
    with writer.copying():
        both = [writer.copy(root), writer.copy(shared)]
    close(writer, array(both))
    pdf = opened(file)
    one = pdf.Root.Shown[0]
    assert one.One.objgen == one.Other[0].objgen == one.Other[1].Deep.objgen == pdf.Root.Shown[1].objgen
    assert file.getvalue().count(b"/Shared") == 1


def test_what_is_taken_from_two_documents_is_not_mixed_up() -> None:
    sources = [pikepdf.new() for _ in range(2)]
    same_numbers = [source.make_indirect(Dictionary(From=number)) for number, source in enumerate(sources)]
    assert same_numbers[0].objgen == same_numbers[1].objgen
    file = io.BytesIO()
    writer = PdfWriter(file)
    copied = []
    for each in same_numbers:
        with writer.copying():
            copied.append(writer.copy(each))
    close(writer, array(copied))
    pdf = opened(file)
    assert [int(each.From) for each in pdf.Root.Shown] == [0, 1]


def test_objects_that_lead_to_each_other_end(source: Pdf) -> None:
    parent, child = (source.make_indirect(Dictionary(Is=String(name))) for name in ("parent", "child"))
    parent.Kids, child.Parent, parent.Self = Array([child]), parent, parent
    pdf = written(parent)
    copy = pdf.Root.Shown
    assert copy.Kids[0].Parent.objgen == copy.Self.objgen == copy.objgen
    assert copy.Kids[0].Is == "child"


def test_a_long_chain_needs_no_depth(source: Pdf) -> None:
    link = source.make_indirect(Dictionary(Last=True))
    for _ in range(5000):
        link = source.make_indirect(Dictionary(Next=link))
    pdf = written(link)
    found = pdf.Root.Shown
    for _ in range(5000):
        found = found.Next
    assert bool(found.Last)


def test_a_given_number_stands_for_an_object_that_is_not_copied(source: Pdf) -> None:
    old = source.make_indirect(Dictionary(Old=True))
    root = source.make_indirect(Dictionary(Leads=old))
    file = io.BytesIO()
    writer = PdfWriter(file)
    new = writer.add(b"<</New true>>")
    with writer.copying():
        writer.give(old, new)
        copied = writer.copy(root)
    close(writer, copied)
    pdf = opened(file)
    assert bool(pdf.Root.Shown.Leads.New)
    assert b"/Old" not in file.getvalue()


def test_a_file_can_be_gone_on_with() -> None:
    begun = io.BytesIO()
    writer = PdfWriter(begun)
    first = writer.add(b"(first)")
    reserved = writer.number()
    for words in (b"(one)", b"(other)"):  # the same beginning serves twice
        file = io.BytesIO(begun.getvalue())
        again = PdfWriter.resume(file, writer.offsets, writer.last)
        again.write(reserved, words)
        close(again, array([reference(first), reference(reserved), reference(again.add(b"(last)"))]))
        pdf = opened(file)
        assert [bytes(each) for each in pdf.Root.Shown] == [b"first", words.strip(b"()"), b"last"]
    assert reserved not in writer.offsets


def test_numbers_that_nothing_was_put_behind_are_free(tmp_path: Path) -> None:
    file = io.BytesIO()
    writer = PdfWriter(file)
    for _ in range(3):
        writer.number()
    close(writer, reference(2))
    pdf = opened(file)
    assert pdf.Root.get("/Shown") is None
    (tmp_path / "free.pdf").write_bytes(file.getvalue())
    check = subprocess.run(["qpdf", "--check", str(tmp_path / "free.pdf")], capture_output=True, text=True, check=False)
    assert (check.returncode, check.stderr) == (0, "")


def test_the_trailer_names_the_file() -> None:
    file = io.BytesIO()
    close(PdfWriter(file), b"null")
    pdf = opened(file)
    trailer = pdf.trailer
    assert [bytes(each) for each in trailer.ID] == [bytes(range(16))] * 2
    assert int(trailer.Size) == 4
    assert trailer.Info.is_indirect


def test_streams_written_by_hand_say_how_long_they_are(source: Pdf) -> None:
    file = io.BytesIO()
    writer = PdfWriter(file)
    close(writer, reference(writer.add(stream(b"1 2 3\r\n", {"Kind": b"/K"}))))
    pdf = opened(file)
    found = pdf.Root.Shown
    assert (found.read_raw_bytes(), found.Kind) == (b"1 2 3\r\n", Name.K)
