"""The documentation tells the truth about links, commands, options, settings, keys, files and figures."""

from __future__ import annotations

import ast
import re
import runpy
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Any, cast, get_args

import pytest
import yaml
from click import Command, Group

from members_portal.form.answer_values import MOST_LETTERS, MOST_LETTERS_OF_LINE
from members_portal.form.form import Form, FormKind, Question
from members_portal.form.kind_questions import all_questions
from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.sender import read_sender
from members_portal.newsletter.post.address_window import WINDOWS, Window
from members_portal.newsletter.preflight.expected import BLEED, SAMPLE
from members_portal.newsletter.preflight.qr_reading import DPI, PROGRAM
from members_portal.newsletter.press import print_run, run_manifest
from members_portal.portal.content.attachment import DOCUMENTS, MEDIA, PICTURE_TYPES
from members_portal.portal.content.front.front import Front
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.item import KINDS
from members_portal.portal.content.markup import ALLOWED_ELEMENTS
from members_portal.portal.generator import SWITCHED_OFF
from members_portal.portal.personal_data import USES
from members_portal.portal.site_settings import ANSWER_KEYS, KEEP_MONTHS, SHARED, read_site_settings
from members_portal.publish import exit_code
from members_portal.publish.command.cli import app
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.issue import email_run, print_files
from members_portal.publish.issue.print_settings import GRAMMAGES, print_settings
from members_portal.publish.member_pass.pass_settings import APPLE_KEYS, GOOGLE_KEYS, PASS_KEYS
from members_portal.publish.pipeline import STAGES
from members_portal.wallet_pass.pass_labels import PassLabels
from tests.markdown_page import MarkdownPage, count_words
from tests.newsletter import specimen
from tests.test_architecture import MAY_IMPORT

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PACKAGE = ROOT / "plugins" / "members_portal"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONF = runpy.run_path(str(ROOT / "pelicanconf.py"))

PAGES = {
    path.relative_to(ROOT).as_posix(): MarkdownPage(path)
    for path in sorted([*DOCS.glob("*.md"), *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG"))])
}
REFERENCES = {
    path.relative_to(ROOT).as_posix(): MarkdownPage(path)
    for path in sorted([ROOT / "members" / "README.md", *(ROOT / "plugins").rglob("*.md")])
}

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
EVERYWHERE = {"--debug", "--help"}  # options that no table repeats
INTERNAL = {"moved"}  # a condition of other targets

MODULES = [*(ROOT / "plugins").rglob("*.py"), ROOT / "pelicanconf.py", ROOT / "publishconf.py"]
SOURCES = [file for file in MODULES if re.search(r"PORTAL_|environ|choose", file.read_text("utf-8"))]
HANDED_OVER_BY_A_PUBLISH = (
    *("ANSWER_SOURCE", "CACHE_KEY", "COUPONS", "INPUTS", "LETTERS", "PASS_SOURCE"),
    *("PDF_ISSUES", "SLOT_NONCE", "SPREAD", "TILL", "WORK"),
)
HANDED_OVER = {f"PORTAL_{name}" for name in HANDED_OVER_BY_A_PUBLISH}
LONG = 30  # words
MOST_LONG = 0.02  # of all sentences

WRITING, OFFERS, PRINT = (
    PAGES["docs/writing.md"],
    PAGES["docs/offers-and-coupons.md"],
    PAGES["docs/newsletters-and-print.md"],
)
PUBLISHING, SETTINGS, COMMANDS = (
    PAGES[f"docs/{name}.md"] for name in ("publishing-and-deploying", "settings", "commands")
)
FORMS = PAGES["docs/forms-and-answers.md"]
ARCHITECTURE, SECURITY, LICENCES = (PAGES[f"docs/{name}.md"] for name in ("architecture", "security", "licences"))


def code_in(cell: str) -> list[str]:
    """List the texts in code type of a cell."""
    return re.findall(r"`([^`]+)`", cell)


def first_cells(rows: list[list[str]]) -> list[str]:
    """List the texts in code type of the first column."""
    return [word for row in rows for word in code_in(row[0])]


# Links


@pytest.mark.parametrize("name", [*PAGES, *REFERENCES])
def test_each_link_leads_to_a_file_and_an_anchor_in_it(name: str) -> None:
    page = PAGES.get(name) or REFERENCES[name]
    for link in page.links:
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), link
        assert target.resolve().is_relative_to(ROOT.resolve()), link
        if anchor:
            assert anchor in MarkdownPage(target).anchors, link


def test_the_index_lists_each_page() -> None:
    listed = {link for link in PAGES["docs/README.md"].links if "/" not in link}
    assert listed == {path.name for path in DOCS.iterdir()} - {"README.md"}


def test_each_test_that_a_page_names_exists() -> None:
    named_there = {(name, path) for name, page in PAGES.items() for path in re.findall(r"`(tests/[^`]*)`", page.prose)}
    assert {(name, path) for name, path in named_there if not (ROOT / path).exists()} == set()


def test_the_readme_leads_to_the_index() -> None:
    assert "docs/README.md" in PAGES["README.md"].links


# Commands


def make_help() -> dict[str, str]:
    """Ask bare `make` for its targets."""
    text = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", text, re.MULTILINE))


def test_help_lists_every_target() -> None:
    (targets,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert set(make_help()) == set(targets.split()) - INTERNAL


def test_the_table_of_targets_is_that_of_make_help() -> None:
    listed = [word.removeprefix("make ") for word in first_cells(COMMANDS.table("| target | what it does |"))]
    assert sorted(listed) == sorted(make_help())


def commands_of(group: Group) -> dict[str, Command]:
    """Return the commands of a group by name; those of `portal` are imported when asked for."""
    context = cast(Any, None)  # of the command line: neither method looks at it
    return {name: cast(Command, group.get_command(context, name)) for name in group.list_commands(context)}


def commands(group: Group = app, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Command]]:
    """Give each command that isn't a group, by its name."""
    for name, command in commands_of(group).items():
        if isinstance(command, Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join([*path, name]), command


def options(command: Command) -> set[str]:
    return {name for option in command.params for name in option.opts if name.startswith("--")}


def arguments(command: Command) -> list[str]:
    return [str(one.metavar) for one in command.params if one.param_type_name == "argument"]


def test_the_table_of_commands_is_that_of_the_program() -> None:
    rows = COMMANDS.table("| command | options | what it does |")
    listed = {code_in(row[0])[0].removeprefix("portal "): set(code_in(row[1])) for row in rows}
    assert listed == {
        " ".join([name, *arguments(command)]): options(command) - EVERYWHERE for name, command in commands()
    }


def calls_of_make() -> Iterator[tuple[str, str, str]]:
    """Give page, targets and the rest of each call of `make`."""
    for name, page in PAGES.items():
        for line in page.code:
            for targets, rest in re.findall(r"\bmake ((?:[a-z][a-z-]* ?)+)(.*)", line):
                yield name, targets, rest


def test_each_target_exists() -> None:
    named = {(name, word) for name, targets, _ in calls_of_make() for word in targets.split()}
    assert {"publish", "test", "preview", "lint", "test-long"} <= {word for _, word in named}
    assert {(name, word) for name, word in named if word not in make_help()} == set()


def test_each_option_that_make_passes_on_exists() -> None:
    passed = dict(re.findall(r"^([a-z-]+):.*\n\t@\$\(bin\)/portal ([a-z]+)", MAKEFILE, re.MULTILINE))
    found = [
        (targets.split()[-1], option)
        for _, targets, rest in calls_of_make()
        for option in re.findall(r"--[a-z-]+", rest)
    ]
    assert ("publish", "--date") in found
    there = dict(commands())
    assert [(target, option) for target, option in found if option not in options(there[passed[target]])] == []


def calls_of_portal() -> Iterator[tuple[str, str]]:
    """Give page and arguments of each call of `portal`."""
    for name, page in PAGES.items():
        for line in page.code:
            for rest in re.findall(r"(?:^|[/ ])portal ((?:[a-z]|--)[^|`]*)", line):
                yield name, rest


def resolve(words: list[str]) -> tuple[Command | None, list[str]]:
    """Follow words to a command; return it and what is left."""
    command: Command | None = app
    while isinstance(command, Group) and words and not words[0].startswith("--"):
        command, words = commands_of(command).get(words[0]), words[1:]
    return command, words


def test_each_command_and_option_exists() -> None:
    wrong, seen = [], set()
    for name, rest in calls_of_portal():
        command, left = resolve(shlex.split(rest.replace("…", "")))
        used = {word.partition("=")[0] for word in left if word.startswith("--")}
        if command is None or used - options(command) - EVERYWHERE:
            wrong.append((name, rest))
        seen.add(rest.split()[0])
    assert wrong == []
    assert {name.split()[0] for name, _ in commands()} <= seen


def test_each_option_named_alone_exists() -> None:
    there = options(app).union(EVERYWHERE, *(options(command) for _, command in commands()))
    named = {
        (name, option)
        for name, page in PAGES.items()
        for code in re.findall(r"`(--[^`]+)`", page.prose)
        for option in re.findall(r"--[a-z-]+", code)
    }
    assert {(name, option) for name, option in named if option not in there} == set()


def test_members_and_issues_of_commands_are_in_the_sample() -> None:
    members = (ROOT / "members" / "members.yaml").read_text("utf-8")
    shell = "\n".join(page.shell for page in PAGES.values())
    assert [name for name in re.findall(r"\b[MS]-\d+\b", shell) if f"id: {name}\n" not in members] == []
    issues = re.findall(r"(?:--issue|portal print|portal mail) ([a-z0-9-]+)", shell)
    assert [name for name in issues if not (ROOT / "content" / "newsletters" / f"{name}.md").is_file()] == []
    offers = re.findall(r"coupon make \S+ ([a-z0-9-]+)", shell)
    assert [name for name in offers if not (ROOT / "content" / "offers" / f"{name}.md").is_file()] == []


def test_exit_codes_are_those_of_the_program() -> None:
    assert [int(row[0]) for row in PUBLISHING.table("| code | meaning |")] == [
        exit_code.OK,
        exit_code.ERROR,
        exit_code.USAGE,
        exit_code.INVALID,
        exit_code.LEAK,
        exit_code.LOCKED,
        exit_code.INTERRUPTED,
    ]


@pytest.mark.parametrize(
    ("page", "heading"),
    [(PUBLISHING, "| stage | what it does |"), (ARCHITECTURE, "| stage | reads | writes |")],
    ids=["publishing", "architecture"],
)
def test_stages_are_those_of_a_publish(page: MarkdownPage, heading: str) -> None:
    assert [row[0] for row in page.table(heading)] == [f"{n} {stage}" for n, stage in enumerate(STAGES, 1)]


# Settings


@cache
def parsed(file: Path) -> ast.Module:
    """Parse a module once for all tests."""
    return ast.parse(file.read_text("utf-8"))


@cache
def environment_variables() -> set[str]:
    """Read from the code which variables it asks the environment for."""
    return {name for file in SOURCES for name in asked_of_the_environment(parsed(file))}


def asked_of_the_environment(module: ast.Module) -> Iterator[str]:
    """Give the names in `environ.get(NAME)` and `choose(name)`; NAME may be a constant of the module."""
    texts = dict(constants(module))
    for node in ast.walk(module):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        asked = node.args[0]
        if named(node.func) == "choose" and isinstance(asked, ast.Constant):
            yield f"PORTAL_{str(asked.value).upper()}"
        elif named(node.func) == "get" and isinstance(node.func, ast.Attribute) and named(node.func.value) == "environ":
            name = str(asked.value) if isinstance(asked, ast.Constant) else texts.get(named(asked), "")
            if name.startswith("PORTAL_"):
                yield name


def named(node: ast.expr) -> str:
    """Return the last name of `environ`, `context.environ`, `os.environ`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Give name and value of the texts that a module assigns, one or several in a line."""
    for node in module.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            pairs = [(node.targets[0], node.value)]
            if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(node.targets[0].elts, node.value.elts, strict=True))
            for target, value in pairs:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield named(target), value.value


@cache
def settings_read() -> set[str]:
    """Read from the code and pelicanconf.py which settings of ours there are."""
    texts = {
        node.value
        for file in SOURCES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    ours = {name for name in CONF if name.startswith("PORTAL_")}
    named_in_code = {text for text in texts if re.fullmatch(r"PORTAL_[A-Z]+(_[A-Z]+)*", text)}
    return ours | (named_in_code - environment_variables() - HANDED_OVER)


def test_the_table_of_variables_is_complete() -> None:
    rows = SETTINGS.table("| variable | option | default | meaning |")
    assert set(first_cells(rows)) == environment_variables()
    assert {"PORTAL_SECRET", "PORTAL_SMTP_PASSWORD", "PORTAL_PROGRAMME"} <= environment_variables()


def test_each_option_in_the_table_of_variables_sets_the_same() -> None:
    rows = SETTINGS.table("| variable | option | default | meaning |")
    pairs = {row[0].strip("`"): row[1].strip("`") for row in rows if row[1]}
    assert pairs == {name: f"--{name.removeprefix('PORTAL_').lower()}" for name in pairs}
    alone = {"--date", "--new-secret", "--strict", "--accept-changes"}
    assert {*pairs.values(), *alone} == options(dict(commands())["publish"]) - EVERYWHERE


@pytest.mark.parametrize("variable", ["CONTENT", "MEMBERS", "OUTPUT", "SITEURL"])
def test_a_variable_of_a_place_changes_it(variable: str) -> None:
    assert context({f"PORTAL_{variable}": "elsewhere"}) != context({})


def test_letters_are_left_out_and_made_elsewhere_by_variables() -> None:
    assert not context({"PORTAL_PDF": "no"}).pdfs
    assert make_context({"PORTAL_EXECUTOR": "tcp://x"}, root=ROOT, on=None, today=date.min, now=0).executor == "tcp://x"


def context(environ: dict[str, str]) -> PublishContext:
    settled = make_context(environ, root=ROOT, on=None, today=date(2026, 11, 21), now=0)
    return PublishContext(**{**vars(settled), "environ": {}})


def test_the_table_of_our_settings_is_complete() -> None:
    assert set(first_cells(SETTINGS.table("| setting | default | meaning |"))) == settings_read()


def test_the_table_of_pelicans_settings_is_that_of_the_sample() -> None:
    listed = first_cells(SETTINGS.table("| setting | value in the sample | remark |"))
    assert set(listed) == {name for name in CONF if name.isupper() and not name.startswith("PORTAL_")}
    assert set(SWITCHED_OFF) <= set(re.findall(r"[A-Z_]+", SETTINGS.text))


def test_no_page_names_another_variable_or_setting() -> None:
    known = environment_variables() | settings_read()
    named_there = {
        (name, word) for name, page in PAGES.items() for word in re.findall(r"\bPORTAL_[A-Z_]*[A-Z]\b", page.text)
    }
    assert {(name, word) for name, word in named_there if word not in known} == set()


def test_the_keys_of_the_company_are_those_of_the_sample() -> None:
    assert set(first_cells(SETTINGS.table("| key of `PORTAL_SITE` | meaning |"))) == {*CONF["PORTAL_SITE"], SHARED}
    assert set(first_cells(SETTINGS.table("| key of `contact` | meaning |"))) == set(CONF["PORTAL_SITE"]["contact"])
    assert set(first_cells(SETTINGS.table("| name in `PORTAL_FONTS` | used for |"))) == set(CONF["PORTAL_FONTS"])


def test_the_keys_of_print_settings_are_those_of_the_sample() -> None:
    print_settings(read_site_settings(CONF, ROOT / "pelicanconf.py"))  # refuses an unknown key
    rows = PRINT.table("| key of `PORTAL_PRINT` | meaning |")
    assert {row[0].strip("`") for row in rows} == set(CONF["PORTAL_PRINT"])
    assert f"{GRAMMAGES[0]} to {GRAMMAGES[-1]};" in PRINT.text


def test_the_keys_of_mail_settings_are_those_there_are() -> None:
    (said,) = re.findall(r"`PORTAL_MAIL` in pelicanconf\.py \| `\{(.*?)\}`, all optional", PAGES["docs/e-mail.md"].text)
    keys = re.findall(r'"([a-z]+)": "([^"]+)"', said)
    assert [key for key, _ in keys] == ["from", "unsubscribe", "placeholder"]
    assert read_sender(dict(keys), specimen.house()).unsubscribe
    with pytest.raises(MailError, match="expected `from`, `unsubscribe` or `placeholder`"):
        read_sender({"reply": "x"}, specimen.house())
    assert f"`{email_run.LIST}`" in PAGES["docs/e-mail.md"].text


def test_the_keys_of_passes_are_those_there_are() -> None:
    assert first_cells(SETTINGS.table("| key of `PORTAL_PASSES` | meaning |")) == list(PASS_KEYS)
    assert first_cells(SETTINGS.table("| key of `apple` | meaning |")) == list(APPLE_KEYS)
    assert first_cells(SETTINGS.table("| key of `google` | meaning |")) == list(GOOGLE_KEYS)
    (row,) = (row for row in SETTINGS.table("| key of `PORTAL_PASSES` | meaning |") if row[0] == "`labels`")
    assert code_in(row[1]) == [field.name for field in fields(PassLabels)]


# Writing


def keys(rows: list[list[str]], column: int = 0) -> list[str]:
    """List the fields that the keys of a column stand for: `Image alt:` is image_alt."""
    return [word.rstrip(":").lower().replace(" ", "_") for row in rows for word in code_in(row[column])]


def test_the_elements_that_a_text_may_have_are_all_listed() -> None:
    rows = WRITING.table("| for | elements |")
    assert sorted(word for row in rows for word in code_in(row[1])) == sorted(ALLOWED_ELEMENTS)


def test_the_endings_of_attachments_are_all_listed() -> None:
    rows = WRITING.table("| files | endings |")
    listed = [[word.removeprefix(".") for word in code_in(row[1])] for row in rows]
    assert listed == [sorted(kinds) for kinds in (PICTURE_TYPES, MEDIA, DOCUMENTS)]


def test_the_kinds_of_item_are_those_there_are() -> None:
    rows = WRITING.table("| folder | kind | address of its list |")
    assert [(row[0].strip("`/"), (code_in(row[2]) or [""])[0]) for row in rows] == [
        (kind.folder, kind.url)
        for name in "promise announcements offers reports events newsletters feedback forms pages".split()
        for kind in KINDS
        if kind.folder == name
    ]


def test_the_keys_of_front_matter_are_those_there_are() -> None:
    rows = WRITING.table("| key | required | meaning |")
    assert sorted(keys(rows)) == sorted(Front.model_fields)
    required = {key for row in rows if row[1].startswith("yes") for key in keys([row])}
    assert required == {name for name, field in Front.model_fields.items() if field.is_required()}


def test_the_keys_of_one_kind_are_those_there_are() -> None:
    rows = WRITING.table("| kind | key | required | meaning |")
    listed = {(row[0], key): row[2].startswith("yes") for row in rows for key in keys([row], 1)}
    elsewhere = {"offer", "newsletter"}  # which have pages of their own
    assert listed == {
        (kind.name, name): field.is_required()
        for kind in KINDS
        if kind.name not in elsewhere
        for name, field in kind.front.model_fields.items()
        if name not in Front.model_fields
    }


def test_the_keys_of_an_offer_are_those_there_are() -> None:
    rows = OFFERS.table("| key of an offer | required | meaning |")
    own = {name: field for name, field in Offer.model_fields.items() if name not in Front.model_fields}
    assert sorted(keys(rows)) == sorted(own)
    required = {key for row in rows if row[1] == "yes" for key in keys([row])}
    assert required == {name for name, field in own.items() if field.is_required()}


def test_the_keys_of_a_newsletter_are_those_there_are() -> None:
    rows = PRINT.table("| key of a newsletter | what it does |")
    assert sorted(keys(rows)) == sorted(set(Newsletter.model_fields) - set(Front.model_fields))


def test_each_field_of_members_has_its_place() -> None:
    rows = PAGES["docs/members-and-ledger.md"].table("| where a field goes | fields |")
    groups = {frozenset(field.strip().replace(" ", "_") for field in row[1].split(",")) for row in rows}
    assert groups == {frozenset(name for name in USES if USES[name] is use) for use in set(USES.values())}


def test_the_keys_of_a_form_and_of_a_question_are_those_there_are() -> None:
    for heading, model in (
        ("| key of a form | required | meaning |", Form),
        ("| key of a question | required | meaning |", Question),
    ):
        rows = FORMS.table(heading)
        known = {field.alias or name: field for name, field in model.model_fields.items()}
        assert sorted(keys(rows)) == sorted(known)
        required = {key for row in rows if row[1] == "yes" for key in keys([row])}
        assert required == {name for name, field in known.items() if field.is_required()}


def test_the_kinds_of_form_are_those_there_are() -> None:
    again = {"no": "is refused", "last": "replaces the first", "yes": "counts too"}
    rows = FORMS.table("| kind of form | who answers | its own questions | a second answer |")
    listed = {row[0].strip("`"): row for row in rows}
    assert list(listed) == list(get_args(FormKind))
    for kind, row in listed.items():
        form = specimen_form(kind)
        assert (row[1] == "everybody", row[1] == "staff") == (form.is_public, kind == "note")
        assert row[3] == again[form.again]
        asked = {question.name for question in all_questions(form, {"post": "Letters"})} - {"own"}
        assert set(code_in(row[2])) - {"choice"} <= asked


def specimen_form(kind: str) -> Form:
    """Return a form of a kind with one question of its own, for two persons if it has persons."""
    question = {"name": "own", "ask": "Which?", "type": "choice", "choices": ["A", "B"]}
    return Form.model_validate({"kind": kind, "questions": [question], **({"persons": "2"} if kind == "rsvp" else {})})


def test_the_types_of_question_and_the_lengths_are_those_there_are() -> None:
    (types,) = (row[2] for row in FORMS.table("| key of a question | required | meaning |") if row[0] == "`type`")
    assert code_in(types) == list(get_args(Question.model_fields["type"].annotation))
    assert f"A text has at most {MOST_LETTERS:,} characters, a line {MOST_LETTERS_OF_LINE}." in FORMS.text


def test_the_rewards_of_a_form_are_those_there_are() -> None:
    (kinds,) = (row[2] for row in FORMS.table("| key of a form | required | meaning |") if row[0] == "`earns`")
    assert set(code_in(kinds)) == set(get_args(get_args(Form.model_fields["earns"].annotation)[0]))


def test_the_whole_form_has_a_question_of_each_type() -> None:
    (item,) = FORMS.blocks("markdown")
    front = yaml.load(item.split("---\n")[1], Loader=yaml.BaseLoader)
    types = [question.type for question in Form.model_validate(front["Form"]).questions]
    assert types == list(get_args(Question.model_fields["type"].annotation))


def test_the_questions_that_a_kind_has_of_itself_are_those_there_are() -> None:
    rows = FORMS.table("| own question | type | choices |")
    listed = {name: row for row in rows for name in code_in(row[0])}
    for kind in get_args(FormKind):
        for question in all_questions(specimen_form(kind), {"post": "P", "email": "E"}, ("Tea", "Oil")):
            name = "consent-" if question.name.startswith("consent-") else question.name
            row = listed.get(name, ["", question.type, ""])
            assert code_in(row[1])[0] == question.type if name in listed else name == "own"
            if kind in {"feedback", "note"}:
                assert set(question.choices) <= {*row[2].split(", "), "A", "B"}


def test_the_keys_of_answers_are_those_there_are() -> None:
    assert first_cells(FORMS.table("| key of `PORTAL_ANSWERS` | meaning |")) == list(ANSWER_KEYS)
    assert f"default {KEEP_MONTHS}" in FORMS.text


# Print


def test_the_files_of_a_print_run_are_those_that_are_written() -> None:
    sources = [Path(str(module.__file__)).read_text("utf-8") for module in (print_files, print_run)]
    written = {name for source in sources for name in re.findall(r'"([a-z-]+\.(?:pdf|csv|txt))"', source)}
    assert {row[0].strip("`") for row in PRINT.table("| file of a run | content |")} == written


def test_the_columns_of_run_csv_are_those_that_are_written() -> None:
    assert first_cells(PRINT.table("| column of `run.csv` | meaning |")) == list(run_manifest.MANIFEST_COLUMNS)


def test_the_figures_of_a_run_are_true() -> None:
    assert f"with {BLEED:g} mm of bleed" in PRINT.text
    assert f"read at {DPI} dpi (all of them up to {SAMPLE} letters, then {SAMPLE})" in PRINT.text
    assert f"takes `{PROGRAM}`" in PRINT.text
    assert print_run.PROOFS == 12
    assert "up to twelve letters" in PRINT.text


def test_the_windows_are_those_there_are() -> None:
    rows = PRINT.table("| window | paper | envelope, and its window | folded, from the top | lines |")
    assert {row[0].strip("`"): (row[1], row[3], row[4]) for row in rows} == {
        name: (window.paper, folds(window), str(window.lines)) for name, window in WINDOWS.items()
    }


def folds(window: Window) -> str:
    """Write the folds of a sheet as the table does."""
    said = f"at {' and '.join(f'{fold:g}' for fold in window.folds)} mm"
    return f"{said} (4 and 8 in)" if window.paper == "Letter" else said


# Architecture


def test_each_folder_of_the_architecture_exists() -> None:
    listed = first_cells(ARCHITECTURE.table("| folder | what is in it |"))
    assert [name for name in listed if not (ROOT / name).is_dir() and not (PACKAGE / name).is_dir()] == []
    folders = {f"{file.parent.relative_to(PACKAGE).as_posix()}/" for file in PACKAGE.glob("*/**/*.py")}
    assert folders <= set(listed)


def test_the_table_of_packages_is_the_rule_for_imports() -> None:
    rows = ARCHITECTURE.table("| package | task | may import |")
    listed = {row[0].strip("`"): set(code_in(row[2])) for row in rows}
    assert listed.pop("publish") == set()
    modules = ("cache_entry", "clock", "loopback", "picture_file", "plain_words", "settings_file", "whole_file")
    assert [listed.pop(name) for name in modules] == [set()] * len(modules)
    assert {row[2] for row in rows if row[0].strip("`") in modules} == {"none"}
    assert [row[2] for row in rows if row[0] == "`publish`"] == ["all"]
    assert listed == {name: allowed for name, allowed in MAY_IMPORT.items() if name != "publish"}


def test_the_picture_shows_the_rule_for_imports() -> None:
    (picture,) = ARCHITECTURE.blocks("mermaid")
    stages = set(re.findall(r"^  class (\S+) stage$", picture, re.MULTILINE)[0].split(","))
    arrows = set(re.findall(r"^  ([a-z_]+)(?:\[.*\])? -\.-> ([a-z_]+)", picture, re.MULTILINE))
    assert {(name, other) for name, other in arrows if name not in stages} == {
        (name, other) for name, others in MAY_IMPORT.items() if name != "publish" for other in others
    }
    assert {other for name, other in arrows if name in stages} <= MAY_IMPORT["publish"]
    assert re.findall(r'\["(\d [a-z]+)"\]', picture) == [f"{n} {stage}" for n, stage in enumerate(STAGES, 1)]


def test_no_package_lists_a_module_that_is_gone() -> None:
    there = {file.name for file in MODULES}
    listed = {
        (file.parent.name, name)
        for file in PACKAGE.rglob("__init__.py")
        for name in re.findall(r"\b[a-z_]+\.py\b", file.read_text("utf-8"))
    }
    assert {(package, name) for package, name in listed if name not in there} == set()


# Security, licences, versions


def test_each_claim_about_security_names_tests_that_exist() -> None:
    rows = SECURITY.table("| claim | test |")
    tests = {row[0]: code_in(row[1]) for row in rows}
    assert [claim for claim, files in tests.items() if not files] == []
    assert [file for files in tests.values() for file in files if not (ROOT / file).is_file()] == []


def licence(package: str) -> str:
    """Read what an installed package says of its licence: an expression, else classifiers, else a text."""
    found = metadata(package)
    if "License-Expression" in found:
        return found["License-Expression"]
    classifiers = [line.split(" :: ")[-1] for line in found.get_all("Classifier") or [] if line.startswith("License")]
    return "; ".join(classifiers) or str(found["License"]).splitlines()[0]


def test_the_page_of_licences_lists_the_locked_packages() -> None:
    listed = dict(LICENCES.table("| package | licence |"))
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert list(listed) == locked
    stated = {}
    for package in locked:
        try:
            stated[package] = licence(package)
        except PackageNotFoundError:  # for another system or implementation of Python
            assert package in LICENCES.text.partition("are installed only for")[0].splitlines()[-1]
    assert {package: listed[package] for package in stated} == stated


def test_the_licence_is_named_alike_everywhere() -> None:
    notice = (ROOT / "LICENSE").read_text("utf-8")
    assert notice.startswith(f"SPDX-License-Identifier: {PROJECT['license']}\n")
    assert PROJECT["license-files"] == ["LICENSE"]
    for name in ("README.md", "CONTRIBUTING.md", "docs/licences.md"):
        assert PROJECT["license"] in PAGES[name].text


def test_the_changelog_has_the_version_and_what_is_to_come() -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", PAGES["CHANGELOG.md"].text, re.MULTILINE)
    assert headings[:2] == ["Unreleased", version(PROJECT["name"])]


def test_continuous_integration_runs_on_each_python_and_both_systems() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))["jobs"]
    pythons = ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["requires-python"] == f">={pythons[0]}"
    assert sorted(jobs) == ["debian", "ubuntu"]
    matrices = {name: job["strategy"]["matrix"] for name, job in jobs.items()}
    assert [one["python"] for one in matrices["debian"]["include"]] == pythons
    assert matrices["ubuntu"]["python"] == pythons
    assert all({"run": ".ci/run"} in job["steps"] for job in jobs.values())


def test_the_workflow_for_pages_does_what_the_page_says() -> None:
    text = (ROOT / ".github/workflows/publish.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    (hourly,) = workflow[True]["schedule"]  # YAML 1.1 reads the key `on` as true
    minute, *others = hourly["cron"].split()
    assert others == ["*"] * 4
    (hours,) = re.findall(r"case \$hour in (\d\d) \| (\d\d)\) night=true", (ROOT / ".ci/due").read_text("utf-8"))
    nightly = " and ".join(f"{hour}:{int(minute):02}" for hour in hours)
    assert f"each night at {nightly} in the site's time zone" in " ".join(PUBLISHING.text.split())
    steps = workflow["jobs"]["publish"]["steps"]
    (publish,) = [step for step in steps if step.get("run") == "make publish"]
    assert set(publish["env"]) - {"ARGS"} - {"PGPASSWORD"} == {
        *("PORTAL_MEMBERS", "PORTAL_SECRET", "PORTAL_SITEURL", "PORTAL_WORK_PACK"),
    }
    assert {name for name in publish["env"] if name.startswith("PORTAL_")} <= environment_variables()
    assert publish["env"]["ARGS"] == "${{ inputs.accept_changes && '--accept-changes' || '' }}"
    assert "secrets.PORTAL_SECRET" in text
    assert "vars.PORTAL_SITEURL" in text
    settings = set(re.findall(r"(?:secrets|vars)\.(\w*MEMBERS\w*|PGPASSWORD)", text))
    assert [name for name in settings if f"`{name}`" not in PUBLISHING.text] == []


# Prose


def test_sentences_are_short() -> None:
    sentences = [(name, sentence) for name, page in PAGES.items() for sentence in page.sentences]
    long = [(name, sentence) for name, sentence in sentences if count_words(sentence) > LONG]
    print(f"docs_sentences={len(sentences)} docs_sentences_over_{LONG}_words={len(long)}")
    assert len(long) <= MOST_LONG * len(sentences), long
