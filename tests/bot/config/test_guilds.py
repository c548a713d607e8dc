"""The settings of each guild, and the sentence about a file with a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.guilds import GuildBook, GuildSettings, Owner
from bot.errors import BadSettings

TWO = """
[default]
admin_roles = [111]
audit_channel = 9
[guild.222]
question_channels = [333, 444]
audit_channel = 555
[guild.223]
admin_roles = []
admin_people = [7]
"""


def read(tmp_path: Path, text: str) -> GuildBook:
    path = tmp_path / "guilds.toml"
    path.write_text(text, encoding="utf-8")
    return GuildBook.read(path)


def test_without_a_file_every_guild_has_the_defaults() -> None:
    book = GuildBook.read(None)
    assert book.of(1) == book.of(None) == GuildSettings()
    assert not book.reads_messages


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "") == GuildBook.read(None)


def test_a_section_takes_from_the_defaults_what_it_leaves_out(tmp_path: Path) -> None:
    book = read(tmp_path, TWO)
    default = GuildSettings(admin_roles=frozenset({111}), audit_channel=9)
    assert book.of(None) == book.of(999) == default
    assert book.of(222) == GuildSettings(
        question_channels=frozenset({333, 444}), admin_roles=frozenset({111}), audit_channel=555
    )
    assert book.of(223) == GuildSettings(admin_people=frozenset({7}), audit_channel=9)


def test_a_guild_may_have_a_time_zone_of_its_own(tmp_path: Path) -> None:
    book = read(tmp_path, '[default]\ntimezone = "Europe/Oslo"\n[guild.2]\ntimezone = "UTC"\n')
    assert (book.of(1).timezone, book.of(2).timezone) == ("Europe/Oslo", "UTC")
    assert GuildBook.read(None).of(1).timezone is None
    with pytest.raises(
        BadSettings, match=r"mistake in line 2, \[default\], at timezone: .*Europe/Oslo or UTC\."
    ):
        read(tmp_path, '[default]\ntimezone = "Oslo"\n')


OWNERS = """
[default.owners]
"Everybody's" = 1
[guild.222]
review_channel = 666
[guild.222.owners]
"Ingrid Moe" = 777
"ingrid@example.org" = "person: 777"
"Security  Team" = "role:888"
"""


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("Ingrid Moe", {Owner(777)}),
        (" ingrid  MOE. ", {Owner(777)}),
        ("<ingrid@example.org>", {Owner(777)}),
        ("security team", {Owner(888, is_role=True)}),
        ("Ingrid Moe and the board", {Owner(777)}),
        ("Security team; Ingrid Moe", {Owner(777), Owner(888, is_role=True)}),
        ("Ingrid", set()),
        ("Ingrid Moesen", set()),
        ("Everybody's", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_whom_documents_mean_by_an_owner(
    tmp_path: Path, named: str | None, expected: set[Owner]
) -> None:
    book = read(tmp_path, OWNERS)
    assert book.of(222).owners_of(named) == expected
    assert book.of(222).review_channel == 666
    assert book.owners_of([1, 222], named) == expected | book.of(1).owners_of(named)


def test_an_owner_of_every_guild(tmp_path: Path) -> None:
    assert read(tmp_path, OWNERS).owners_of([1], "everybody's") == {Owner(1)}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('"A" = "Ann"', 'at A: an owner is the id of a person, a number, or "role:" and the id'),
        ('"A" = "team:4"', "at A: an owner is the id of a person"),
        ('"A" = "role:"', "at A: an owner is the id of a person"),
        ("A = true", "at A: an owner is the id of a person"),
        ("A = -1", "at A: an owner is the id of a person"),
        ("A = [4]", "at A: an owner is the id of a person"),
        ('"A b" = 1\n"a  B" = 2', "at owners: a B is there twice"),
        ('" " = 1', "at owners: an owner's name is missing"),
    ],
)
def test_a_mistake_in_the_owners(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(BadSettings) as caught:
        read(tmp_path, f"[guild.222.owners]\n{line}\n")
    assert "[guild.222.owners], " in str(caught.value)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        (TWO, True),
        ("[default]\nquestion_channels = [1]\n", True),
        ("[default]\nadmin_roles = [1]\n[guild.2]\nquestion_channels = []\n", False),
    ],
)
def test_messages_are_read_where_some_guild_asks_in_a_channel(
    tmp_path: Path, text: str, needed: bool
) -> None:
    assert read(tmp_path, text).reads_messages is needed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[default", "are not valid TOML at its end: a [ is not closed."),
        ("\n[guild.1]\n[guild.1]\n", "are not valid TOML in line 3: this section is there twice."),
        (
            "[gild.1]\n",
            "have a mistake in line 1, [gild.1], at gild: there is no such key, only default, "
            "guild (did you mean guild?).",
        ),
        (
            "\n\n[guild.Team]\n",
            "in line 3, [guild.Team], at Team: a guild is named by its id, a number.",
        ),
        (
            "[default]\nadmin_role = [1]\n",
            "in line 2, [default], at admin_role: there is no such key, only question_channels, "
            "answered_tag, open_tag, answer_threads, admin_roles, "
            "admin_people, audit_channel, timezone, language, review_channel, owners, "
            "experts, experts_channel, add_to, commands_off, digest_channel, digest, mark_outdated "
            "(did you "
            "mean admin_roles?).",
        ),
        (
            '[default]\n[guild.1] # us\n# x\nadmin_roles = ["x"]\n',
            "in line 4, [guild.1], at admin_roles: it must be a whole number.",
        ),
        (
            "[default]\naudit_channel = []\n",
            "in line 2, [default], at audit_channel: it must be a whole number.",
        ),
        ("default = 3\n", "have a mistake in line 1, at default: it must be a section"),
        ("guild = 3\n", "have a mistake in line 1, at guild: it must be a section"),
        ("[guild]\n1 = 3\n", "in line 2, [guild], at 1: it must be a section"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(BadSettings) as refused:
        read(tmp_path, text)
    sentence = str(refused.value)
    assert sentence.startswith(f"The guild settings {tmp_path / 'guilds.toml'} ")
    assert expected in sentence
    assert sentence.endswith(".")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"cannot be read: No such file or directory\.$"):
        GuildBook.read(tmp_path / "none.toml")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "guilds.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSettings, match="are not valid TOML"):
        GuildBook.read(path)


def test_commands_are_switched_off_by_name(tmp_path: Path) -> None:
    book = read(tmp_path, '[default]\ncommands_off = ["/Changes", "compare"]\n[guild.2]\n')
    assert book.of(2).is_off("changes")
    assert book.of(None).is_off("/compare")
    assert not book.of(2).is_off("ask")
    with pytest.raises(BadSettings, match="/forget-me cannot be switched off"):
        read(tmp_path, '[guild.2]\ncommands_off = ["forget-me"]\n')


EXPERTS = """
[guild.222]
experts_channel = 666
[guild.222.experts]
"/" = "role:888"
"HR/pay" = 777
"hr/" = 778
[guild.222.add_to]
333 = "/notes/decisions/"
"""


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (None, Owner(888, is_role=True)),
        ("depot.md", Owner(888, is_role=True)),
        ("hr/leave.md", Owner(778)),
        ("hr/pay/2026.md", Owner(777)),
        ("Hr/Pay/2026.md", Owner(777)),
        ("hr/payment.md", Owner(778)),
        ("hr.md", Owner(888, is_role=True)),
    ],
)
def test_the_nearest_folder_says_who_is_asked(
    tmp_path: Path, document: str | None, expected: Owner
) -> None:
    book = read(tmp_path, EXPERTS)
    assert book.of(222).expert_on(document) == expected
    assert book.of(222).add_to == {333: "notes/decisions"}
    assert book.of(1).expert_on(document) is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('[default.experts]\n"hr/" = "Ingrid"\n', "an owner is the id of a person"),
        ('[default.experts]\n"hr/" = 1\n"HR" = 2\n', "HR is there twice"),
        ('[default.add_to]\n333 = "../etc"\n', "name a folder below that of the documents"),
        ('[default.add_to]\n333 = "/"\n', "name a folder below that of the documents"),
        ('[default.add_to]\ngeneral = "notes"\n', "it must be a whole number"),
    ],
)
def test_a_mistake_in_experts_or_folders(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(BadSettings, match=problem):
        read(tmp_path, line)
