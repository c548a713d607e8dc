"""Where settings come from, and which are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.config.settings import PREFIX, Settings, load_settings
from bot.errors import BadSettings

_EXAMPLE = Path(__file__).parents[3] / ".env.example"


def test_defaults() -> None:
    assert load_settings() == Settings(
        corpus=Path("corpus"),
        index=Path(".index"),
        model="all-MiniLM-L6-v2",
        query_prompt=None,
        passage_prompt=None,
        reader="briefing-reader",
        max_file_mb=50,
        max_pages=5000,
        threads=None,
        debug=False,
    )


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("BRIEFING_MODEL=one\nBRIEFING_READER=none\n")
    monkeypatch.setenv("BRIEFING_MODEL", "two")
    settings = load_settings()
    assert (settings.model, settings.reader) == ("two", "none")


def test_keys_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("OTHER_TOKEN=secret\nBRIEFING_THREADS=\n")
    monkeypatch.setenv("MODEL", "x")
    assert load_settings() == Settings()


@pytest.mark.parametrize("place", ["environment", "file"])
def test_the_token_is_kept_secret(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if place == "file":
        Path(".env").write_text("DISCORD_TOKEN=hunter2\n")
    else:
        monkeypatch.setenv("DISCORD_TOKEN", "hunter2")
    settings = load_settings()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "hunter2"
    assert "hunter2" not in f"{settings} {settings!r} {settings.model_dump()}"


def test_the_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().timezone == "UTC"
    monkeypatch.setenv("BRIEFING_TIMEZONE", "Europe/Oslo")
    assert load_settings().timezone == "Europe/Oslo"
    for wrong in ("Oslo", "CEST", "", "Europe"):
        monkeypatch.setenv("BRIEFING_TIMEZONE", wrong)
        with pytest.raises(BadSettings) as caught:
            load_settings()
        assert str(caught.value) == (
            f"The setting BRIEFING_TIMEZONE is {wrong!r}, but it must be the name of a time zone, "
            "such as Europe/Oslo or UTC."
        )


def test_an_empty_prompt_is_a_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_QUERY_PROMPT", "")
    assert load_settings().query_prompt == ""


@pytest.mark.parametrize(
    ("value", "share"),
    [("1 in 10", 0.1), ("10%", 0.1), ("2.5 %", 0.025), ("3 in 8", 0.375), ("0.1", 0.1)],
)
def test_a_share_is_understood(value: str, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_WRONG_AT_MOST", value)
    assert load_settings().wrong_at_most == pytest.approx(share)


def test_no_share_is_the_threshold_as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_WRONG_AT_MOST", "")
    assert load_settings().wrong_at_most is None


@pytest.mark.parametrize("value", ["0 in 10", "0%", "51%", "1 in 0", "one in ten", "10", "-5%"])
def test_what_is_no_share_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_WRONG_AT_MOST", value)
    with pytest.raises(BadSettings, match="must be a share such as"):
        load_settings()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:p%40s%2Fs@db.example:5432/bot?sslmode=verify-full",
        "postgres://ann:p!s$s@[::1]:5432,db.example/bot",
        "postgresql:///bot?host=/run/postgresql",
        "postgresql://db",
    ],
)
def test_a_database_is_a_url(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_DATABASE", url)
    assert load_settings().database == SecretStr(url)


@pytest.mark.parametrize("password", ["hun@ter2", "hun/ter2", "hun%ter2", "hun ter2", "7/hun@ter2"])
def test_a_password_that_would_pass_for_a_host_is_refused_and_not_told(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_DATABASE", f"postgresql://ann:{password}@127.0.0.1:9/bot")
    with pytest.raises(BadSettings, match="must be percent-encoded") as caught:
        load_settings()
    assert "ter2" not in str(caught.value)


def test_the_home_folder_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_CORPUS", "~/briefings")
    assert load_settings().corpus == Path.home() / "briefings"


@pytest.mark.parametrize("place", ["environment", "file"])
def test_unknown_keys_are_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if place == "file":
        Path(".env").write_text("BRIEFING_CORPS=there\n")
    else:
        monkeypatch.setenv("BRIEFING_CORPS", "there")
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert str(caught.value) == (
        "There is no setting BRIEFING_CORPS (did you mean BRIEFING_CORPUS?). "
        "Correct or remove it in the environment or in .env; .env.example lists them all."
    )


def test_a_key_like_none_gets_no_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_NONSENSE", "there")
    with pytest.raises(BadSettings, match=r"no setting BRIEFING_NONSENSE\. Correct or remove it"):
        load_settings()


@pytest.mark.parametrize(
    "name", ["BRIEFING_DISCORD_TOKEN", "BRIEFING_DISCORD_TOKN", "BRIEFING_TOKEN"]
)
def test_the_token_has_no_prefix(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "hunter2")
    with pytest.raises(BadSettings, match=rf"{name} \(did you mean DISCORD_TOKEN\?") as told:
        load_settings()
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("place", ["environment", "file"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("BRIEFING_RERANKER", "BRIEFING_READER"),
        ("BRIEFING_PASSAGES_READ", "BRIEFING_READ_PASSAGES"),
        ("briefing_reranker", "BRIEFING_READER"),
    ],
)
def test_an_old_name_brings_a_hint_at_the_new_one(
    old: str, new: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "file":
        Path(".env").write_text(f"{old}=4\n")
    else:
        monkeypatch.setenv(old, "4")
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert str(caught.value) == (
        f"There is no setting {old.upper()} any more; it is called {new} now. "
        "Rename it in the environment or in .env."
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "MAX_PAGES",
            "many",
            "The setting BRIEFING_MAX_PAGES is 'many', but it must be a whole number.",
        ),
        ("MAX_FILE_MB", "0", "The setting BRIEFING_MAX_FILE_MB is '0', but it must be 1 or more."),
        ("THREADS", "1000", "The setting BRIEFING_THREADS is '1000', but it must be 256 or less."),
        ("CORPUS", "", "The setting BRIEFING_CORPUS is '', but a folder is needed."),
        (
            "WRONG_AT_MOST",
            "1 in 1",
            "The setting BRIEFING_WRONG_AT_MOST is '1 in 1', but it must be a share such as "
            "'1 in 10' or '10%', of one half at most.",
        ),
        (
            "READ_PASSAGES",
            "11",
            "The setting BRIEFING_READ_PASSAGES is '11', but it must be 10 or less.",
        ),
        ("MODEL", "", "The setting BRIEFING_MODEL is '', but it must not be empty."),
    ],
)
def test_values_out_of_bounds_are_refused(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("name", "folder"),
    [("INDEX", "corpus/index"), ("RECORDS", "corpus"), ("INDEX", "x/../corpus"), ("RECORDS", "in")],
)
def test_what_is_written_lies_outside_of_the_documents(
    name: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removed documents would come back, and each reindex would be a change."""
    Path("corpus/inner").mkdir(parents=True)
    Path("in").symlink_to("corpus/inner")
    monkeypatch.setenv(f"{PREFIX}{name}", folder)
    with pytest.raises(BadSettings, match=f"{PREFIX}{name} names .* in the folder of the docum"):
        load_settings()
    monkeypatch.setenv(f"{PREFIX}{name}", "corpus/.hidden")  # nobody reads that
    load_settings()


def test_folders_that_are_links_in_a_circle_are_left_to_whoever_opens_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("circle").symlink_to("circle")
    monkeypatch.setenv(f"{PREFIX}CORPUS", "circle")
    load_settings()
    monkeypatch.setenv(f"{PREFIX}CORPUS", "corpus")
    monkeypatch.setenv(f"{PREFIX}INDEX", "circle")
    load_settings()


def test_a_file_that_is_no_text_is_refused() -> None:
    Path(".env").write_bytes(b"BRIEFING_MODEL=\xff\n")
    with pytest.raises(BadSettings, match="cannot be read: it is not UTF-8 text"):
        load_settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().model = "another"


def test_the_example_lists_every_key_with_its_default() -> None:
    lines = _EXAMPLE.read_text(encoding="utf-8").splitlines()
    found = dict(
        re.findall(r"^# (BRIEFING_\w+|DISCORD_TOKEN(?:_FILE)?)=(.*)$", "\n".join(lines), re.M)
    )
    defaults = {
        str(field.validation_alias or f"{PREFIX}{name.upper()}"): field.default
        for name, field in Settings.model_fields.items()
    }
    assert found == {
        key: {None: "", False: "false", (): ""}.get(value, str(value))
        for key, value in defaults.items()
    }
    for number, line in enumerate(lines):
        if line.startswith(f"# {PREFIX}"):
            assert lines[number - 1].startswith("# "), f"{line} has no comment"
