"""A message to the byte: its recipient, headers and content, and the content it never has."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.mail_templates import MailPage, MailTemplates
from members_portal.newsletter.mail.message import Mail, Recipient, compose_mail, unsubscribe_token
from members_portal.newsletter.mail.prose import as_html, read_prose
from members_portal.newsletter.mail.salutation import split_salutation
from members_portal.newsletter.mail.sender import Sender, mailbox, read_sender
from members_portal.portal.rendering.formats import date_filters
from tests.newsletter import specimen

THEME = Path(__file__).parents[3] / "theme" / "mail"
KEY = b"k" * 32
MAYA = Recipient("M-1001", "Maya Okafor", "maya.okafor@post.example", "Maya")
ONE_CLICK = {"from": "letters@strandandhitch.example", "unsubscribe": "https://list.example/u/{token}"}
ARABIC = "عبد الرحمن بن محمد بن عبد الله آل سعود الحسيني المنصوري الهاشمي"


@cache
def page(edition: str = "gold", personal: bool = True) -> MailPage:
    templates = MailTemplates(THEME, specimen.house(), date_filters("en-IE"))
    return templates.page(specimen.issue(edition), personal=personal)


def sender(**setting: str) -> Sender:
    return read_sender(setting, specimen.house())


def made(recipient: Recipient | None = MAYA, **setting: str) -> Mail:
    return compose_mail(page(personal=recipient is not None), sender(**setting), KEY, recipient)


def read(mail: Mail) -> EmailMessage:
    message = email.message_from_bytes(mail.data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(mail: Mail, kind: str) -> str:
    body = read(mail).get_body((kind,))
    assert body is not None
    return str(body.get_content())


def raw_header(mail: Mail, name: str) -> str:
    """Return a decoded header; Python 3.11's new parser puts spaces into names."""
    value = email.message_from_bytes(mail.data)[name]
    return str(make_header(decode_header(value)))


# What it says


def test_a_message_names_the_house_the_member_and_the_issue() -> None:
    message = read(made())
    assert str(message["From"]) == '"The Bitter End Club" <club@strandandhitch.example>'.replace('"', "")
    assert str(message["To"]) == "Maya Okafor <maya.okafor@post.example>"
    assert message["Subject"] == "The Bitter End Club: Winter 2026"
    assert message["Date"] is None  # added at transmission
    assert message["List-Id"] == "<newsletter.club.strandandhitch.example>"
    assert message["Content-Language"] == "en-IE"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_both_forms_greet_the_member_as_everywhere_and_say_whom_to_call() -> None:
    formal = replace(MAYA, called="Frau Dr. von Hagenbeck-Übelhör")
    for kind in ("plain", "html"):
        words = part(made(formal), kind)
        assert "Frau Dr. von Hagenbeck-Übelhör" in words
        assert "+353 20 915 0147" in words
        assert "club@strandandhitch.example" in words


def test_every_section_promise_and_event_is_there_with_its_address() -> None:
    issue, html, text = page().issue, part(made(), "html"), part(made(), "plain")
    articles = [article for section in issue.sections for article in section.articles]
    for article in (*articles, *issue.promises, *issue.events):
        assert f'href="{article.url}"' in html
        assert article.title in html
        assert f"<{article.url}>" in text


def test_the_result_of_each_promise_is_told_whether_kept_or_not() -> None:
    text = " ".join(part(made(), "plain").split())
    for promise in page().issue.promises:
        last = promise.front.results[-1]
        assert f"{last.value} (target: {promise.front.target}), {last.period}: " in text


def test_an_issue_of_the_least_there_can_be_reads_well() -> None:
    promise = specimen.promises()[0]
    bare = replace(promise, front=promise.front.model_copy(update={"results": ()}))
    issue = replace(
        specimen.issue(), editorial="<p>Nothing new.</p>", sections=(), events=(), promises=(bare,), tier=None
    )
    filled = MailTemplates(THEME, specimen.house(), date_filters("en-IE")).page(issue, personal=False)
    for words in (filled.html, filled.text):
        assert promise.title in words
        assert "Come by" not in words
        assert "Kept" not in words
        assert ": kept" not in words


def test_the_editor_chooses_subject_and_preview_text() -> None:
    templates = MailTemplates(THEME, specimen.house(), date_filters("en-IE"))
    issue = replace(specimen.issue(), subject="Why the espresso was thin", preheader="And what we did about it")
    mail = compose_mail(templates.page(issue, personal=True), sender(), KEY, MAYA)
    assert read(mail)["Subject"] == "Why the espresso was thin"
    assert '<div class="preheader"' in (html := part(mail, "html"))
    assert re.findall(r'<div class="preheader"[^>]*>([^<]*)</div>', html) == ["And what we did about it"]
    assert "<title>Why the espresso was thin</title>" in html
    assert re.findall(r'<div class="preheader"[^>]*>([^<]*)</div>', part(made(), "html")) == [page().issue.summary]


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_message_has_one_greeting(kind: str) -> None:
    salutation, first = "Dear friends of the far end,", "the lamp over the door is lit"
    words = re.sub(r"<[^>]*>", "", part(made(), kind))
    assert salutation not in words
    assert re.search(rf"Good to see you, Maya,\s+{first}", words)
    assert salutation in part(made(None), kind)


def test_only_a_short_first_paragraph_with_a_comma_is_a_salutation() -> None:
    def split(html: str) -> tuple[str, str]:
        salutation, rest = split_salutation(read_prose(html))
        return salutation, as_html(rest)

    assert split("\n<p>Dear <em>friends</em>,</p><p>the lamp</p>") == ("Dear friends,", "<p>the lamp</p>")
    assert split("<p>أصدقاءنا الأعزاء،</p><p>x</p>") == ("أصدقاءنا الأعزاء،", "<p>x</p>")
    for whole in (
        "<p>Breaking news!</p><p>x</p>",
        "<h2>Dear friends,</h2><p>x</p>",
        f"<p>{'x' * 61},</p>",
        "Hello,",
        "",
    ):
        assert split(whole) == ("", whole)


def test_a_key_customer_reads_whom_to_call() -> None:
    templates = MailTemplates(THEME, specimen.house(), date_filters("en-IE"))
    manager = specimen.manager("ines")
    mail = compose_mail(templates.page(specimen.issue(), personal=True, manager=manager), sender(), KEY, MAYA)
    for kind in ("plain", "html"):
        for words in (manager.name, manager.phone, manager.hours, manager.email):
            assert words in part(mail, kind)
            assert words not in part(made(), kind)


def test_the_first_button_is_above_the_letter() -> None:
    html = part(made(), "html")
    buttons = [found.start() for found in re.finditer('class="(?:first )?button"', html)]
    assert len(buttons) == 2
    assert buttons[0] < html.index("Good to see you") < buttons[1]
    text = part(made(), "plain")
    assert text.index(f"<{page().issue.url}>") < text.index("Good to see you")


def test_an_edition_reads_its_own_issue() -> None:
    silver = compose_mail(page("silver"), sender(), KEY, MAYA)
    assert "La Cuerda" in part(made(), "html")
    assert "La Cuerda" not in part(silver, "html")
    assert "La Cuerda" not in part(silver, "plain")


def test_a_message_for_nobody_in_particular_has_nothing_personal() -> None:
    mail = made(None)
    message = read(mail)
    assert (message["To"], message["List-Unsubscribe"], mail.to, mail.member) == (None, None, "", "")
    assert "Good to see you" not in part(mail, "html") + part(mail, "plain")
    assert "\ue000" not in part(mail, "html") + part(mail, "plain")


def test_a_personal_page_needs_a_recipient_and_no_other_takes_one() -> None:
    with pytest.raises(MailError, match="recipient"):
        compose_mail(page(personal=True), sender(), KEY, None)
    with pytest.raises(MailError, match="recipient"):
        compose_mail(page(personal=False), sender(), KEY, MAYA)


# What never leaves the portal


class Addresses(HTMLParser):
    """Collects every attribute that a mail client might fetch or follow."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in {"src", "srcset", "href", "poster", "data", "background", "action", "ping"}:
                self.fetched.append(f"{tag} {name}={value}")


def test_nothing_is_fetched_when_a_message_is_opened() -> None:
    html = part(made(), "html")
    found = Addresses()
    found.feed(html)
    assert found.fetched == []
    assert "<img" not in html
    assert re.findall(r"url\(|@import|@font-face", html) == []
    assert all(link.startswith(("https://club.strandandhitch.example/", "mailto:", "tel:")) for link in found.links)


def test_no_code_no_sign_in_address_no_coupon_and_no_figure_of_an_account() -> None:
    sheet = specimen.sheets(1)[0]
    letter = made(Recipient(sheet.member, sheet.name, "somebody@post.example", sheet.called))
    words = part(letter, "html") + part(letter, "plain")
    kept_back = [sheet.code, sheet.sign_in, *(coupon.code for coupon in sheet.coupons if coupon.code)]
    assert sheet.statement is not None
    kept_back += [str(sheet.statement.balance.total), sheet.statement.points_name]
    assert [word for word in kept_back if re.search(rf"\b{re.escape(word)}\b", words)] == []


def test_pictures_of_the_letter_are_left_out_and_links_are_absolute() -> None:
    letter = (
        '<p>Before</p><p><img src="content:images/a.png" alt="a kettle"></p><figure><img src="content:b.png" alt="b">'
        '<figcaption>What it shows</figcaption></figure><p>See <a href="#foot">below</a>, '
        '<a href="https://club.example/x/">there</a> and <a href="javascript:alert(1)">nowhere</a>.</p>'
    )
    issue = replace(specimen.issue(), editorial=letter)
    filled = MailTemplates(THEME, specimen.house(), date_filters("en-IE")).page(issue, personal=False)
    assert "images/a.png" not in filled.html
    assert "What it shows" not in filled.html + filled.text
    assert "See below," in re.sub(r"<[^>]*>", "", filled.html)
    assert "javascript" not in filled.html
    assert "See below, there [1] and nowhere.\n\n[1] https://club.example/x/" in filled.text


# The same bytes


def test_the_same_message_has_the_same_bytes() -> None:
    assert made().data == made().data
    assert made(replace(MAYA, member="M-1002")).data != made().data


def test_a_message_id_is_the_same_whatever_the_words_and_tells_nothing_of_the_member() -> None:
    first, second = made(), made(replace(MAYA, called="Ms Okafor", address="new@post.example"))
    assert first.message_id == second.message_id == read(first)["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{32}@club\.strandandhitch\.example>", first.message_id)
    others = [
        made(replace(MAYA, member="M-1002")),
        compose_mail(page(), sender(), b"other" * 6, MAYA),
        compose_mail(replace(page(), issue=replace(page().issue, slug="spring-2027")), sender(), KEY, MAYA),
        made(None),
    ]
    assert len({first.message_id, *(mail.message_id for mail in others)}) == 5


@pytest.mark.parametrize("edition", ["member", "silver", "gold", "platinum", "staff"])
def test_every_line_is_short_and_of_seven_bits_and_a_message_below_100_kilobytes(edition: str) -> None:
    one = Recipient("M-1003", ARABIC, "x@post.example", "陳先生")
    data = compose_mail(page(edition), sender(**ONE_CLICK), KEY, one).data
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert data.isascii()
    assert len(data) < 100_000


# Names and addresses


@pytest.mark.parametrize(
    "name",
    [
        ARABIC,
        'Otto "der Große", Söhne & <Co.>',
        'Mary "Mo" O\'Brien, Esq. \\ ;:',
        "陳大文",
        specimen.LONG_NAME,
        "M" * 200,
        "=?utf-8?B?SGVsbG8=?=",
        "x@y.example",
    ],
)
def test_any_name_arrives_as_it_is_written(name: str) -> None:
    mail = made(replace(MAYA, name=name))
    found, address = unquoted(*raw_header(mail, "To").rsplit(" <", 1))
    assert found == name
    assert address == "maya.okafor@post.example>"


def unquoted(name: str, address: str) -> tuple[str, str]:
    """Undo the quoting of a name in ASCII."""
    quoted = re.fullmatch(r'"(.*)"\s*', name)
    return (re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else name.strip()), address


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=90))
def test_no_name_adds_a_header_or_a_recipient(name: str) -> None:
    mail = made(replace(MAYA, name=name))
    message = email.message_from_bytes(mail.data)
    assert message.keys() == email.message_from_bytes(made().data).keys()
    assert message["To"].endswith("<maya.okafor@post.example>")
    assert max(map(len, re.findall(rb"^To: .*?(?=^\S)", mail.data, re.M | re.S)[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "\u2029"])
def test_a_line_break_in_a_name_or_title_is_an_error_that_names_the_member(break_: str) -> None:
    with pytest.raises(MailError, match=r"^the name of member M-1001 has a control character"):
        made(replace(MAYA, name=f"Maya{break_}Bcc: all@members.example"))
    titled = replace(page(), subject=f"Winter{break_}Bcc: x@y.example")
    with pytest.raises(MailError, match="subject"):
        compose_mail(titled, sender(), KEY, MAYA)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example, c@d.example",
        "a@b.example>\r\nRCPT TO:<c@d.example",
        "<a@b.example>",
        "a b@c.example",
        "a@b",
        "@b.example",
        "a..b@c.example",
        "a@-b.example",
        "a@b..example",
        'a"b@c.example',
        "jürgen@c.example",
        f"{'a' * 65}@b.example",
        f"a@{'b.' * 130}example",
    ],
)
def test_an_address_that_might_be_two_or_that_few_servers_carry_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(MailError, match=r"^member M-1001: [^@]*$"):
        made(replace(MAYA, address=address))


def test_a_domain_with_other_letters_is_written_in_ascii() -> None:
    assert mailbox("jo@käse.example", "x") == "jo@xn--kse-qla.example"
    assert mailbox("jo@STRAẞE.example", "x") == mailbox("jo@straße.example", "x") == "jo@xn--strae-oqa.example"
    assert mailbox("jo@βόλος.example", "x") == "jo@xn--nxasmm1c.example"  # not …mq6b, as with a sigma
    assert mailbox("jo@ΒΌΛΟΣ.example", "x") == mailbox("jo@Βόλος.EXAMPLE", "x") == "jo@xn--nxasmm1c.example"
    assert mailbox("jo@faß.example", "x") != mailbox("jo@fass.example", "x")


def test_a_line_break_in_a_form_of_address_becomes_a_space() -> None:
    mail = made(replace(MAYA, called="Ms\r\n Okafor\x00\u2028Maya"))
    for kind in ("plain", "html"):
        assert "Ms Okafor Maya" in part(mail, kind)


def test_what_is_typed_into_a_form_of_address_stays_text() -> None:
    mail = made(replace(MAYA, called='<script>alert(1)</script> & "Co"'))
    assert "<script>" not in part(mail, "html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in part(mail, "html")


# Leaving


def test_a_message_of_an_edition_has_the_placeholder_of_the_provider() -> None:
    for setting, placeholder in (({}, "{{unsubscribe}}"), ({"placeholder": "*|UNSUB|*"}, "*|UNSUB|*")):
        mail = made(None, **setting)
        assert f'href="{placeholder}"' in part(mail, "html")
        assert f"<{placeholder}>" in part(mail, "plain")


def test_a_member_leaves_by_a_mail_that_names_them() -> None:
    link = "mailto:club@strandandhitch.example?subject=Unsubscribe%20M-1001"
    mail = made()
    assert read(mail)["List-Unsubscribe"] == f"<{link}>"
    assert read(mail)["List-Unsubscribe-Post"] is None
    assert f'href="{link}"' in part(mail, "html")
    assert f"<{link}>" in part(mail, "plain")


def test_with_an_address_for_it_a_member_leaves_with_one_click() -> None:
    message, token = read(made(MAYA, **ONE_CLICK)), unsubscribe_token(KEY, "M-1001")
    https, mailto = message["List-Unsubscribe"].split(",")
    assert https == f"<https://list.example/u/{token}>"
    assert mailto.strip() == "<mailto:club@strandandhitch.example?subject=Unsubscribe%20M-1001>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Reply-To"].addresses[0].addr_spec == "club@strandandhitch.example"
    assert b"List-Unsubscribe: <https://list.example/u/" in made(MAYA, **ONE_CLICK).data  # never as encoded words


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ({"form": "x@y.example"}, "unknown key `form`"),
        ({"from": "nobody"}, "PORTAL_MAIL, `from`"),
        ({"unsubscribe": "http://list.example/{token}"}, "must be an https:// address"),
        ({"unsubscribe": "https://list.example/"}, "must be an https:// address with {token}"),
        ({"unsubscribe": "https://list.example/{token}>,\r\nBcc: x"}, "a space"),
        ({"placeholder": "<unsubscribe>"}, "`placeholder` must be in one line"),
        ({"placeholder": "{{a}}\r\nBcc: x"}, "`placeholder` must be in one line"),
    ],
)
def test_a_wrong_setting_is_named(setting: dict[str, str], complaint: str) -> None:
    with pytest.raises(MailError, match=re.escape(complaint)):
        read_sender(setting, specimen.house())
