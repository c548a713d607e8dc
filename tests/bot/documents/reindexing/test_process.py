"""A reindex in a child process: its progress, report, errors and end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.cli.commands.operating.reindex import _tell_failure
from bot.config.settings import Settings, load_settings
from bot.documents.reindexing import process as module
from bot.documents.reindexing.child import MERGE_FAILED
from bot.documents.reindexing.process import REINDEX_UNEXPECTED, ReindexProcess, ReindexProgress
from bot.errors import ReindexFailed
from index.errors import CorpusShrunk, IndexBusy
from index.store.folder.store import IndexStore
from testing.clock import wait_until
from testing.command import reindexer_of
from testing.stores import plan_merge

pytestmark = pytest.mark.processes


class Child:
    """Start a script in place of the command line, and keep how it was started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
        self.started = 0
        self.command: list[str] = []
        self.environment: dict[str, str] = {}
        begin = subprocess.Popen

        def started(command: list[str], *, env: dict[str, str], **options: object) -> object:
            self.command, self.environment = command, env
            self.started += 1
            return begin([sys.executable, "-c", script], env=env, **options)  # type: ignore[call-overload]

        monkeypatch.setattr(subprocess, "Popen", started)


REPORT = {
    "generation": 3, "added": ["a.md"], "changed": [], "removed": [], "failed": [
        {"document": "b.pdf", "reason": "it is damaged", "stale": True}
    ], "unchanged": 4, "documents": 5, "passages": 17, "embedded": 2, "reused": 15, "seconds": 1.5,
}  # fmt: skip


def says(*events: object) -> str:
    return "".join(f"print({json.dumps(json.dumps(event))}, flush=True)\n" for event in events)


REPORTED = says({"report": REPORT})


@pytest.mark.search
def test_the_command_line_s_own_reindex_runs(settings: Settings) -> None:
    settings.corpus.joinpath("a.md").write_text("# Lease\n\nInes Vidal signs the lease.\n")
    settings.corpus.joinpath("b.txt").write_text("")
    progress: list[ReindexProgress] = []
    reindexing = ReindexProcess(settings)
    would = reindexing.run(dry_run=True)
    assert (would.dry_run, would.generation, would.added) == (True, None, ("a.md", "b.txt"))
    report = reindexing.run(progress=progress.append)
    assert (report.dry_run, report.generation, report.added) == (False, 1, ("a.md",))
    assert [failure.document for failure in report.failed] == ["b.txt"]
    assert progress[-1] == ReindexProgress(done=2, total=2, embedded=1)
    assert not reindexing.running
    process = reindexing._kept
    merging = plan_merge(IndexStore(settings.index))
    settings.corpus.joinpath("c.md").write_text("# Lease\n\nThe lease ends in June.\n")
    assert reindexing.run(only=["c.md"]).added == ("c.md",)
    assert reindexing._kept is process is not None
    wait_until(lambda: merging.made() is not None)
    reindexing.stop()
    assert process.has_ended


def test_why_segments_were_not_made_into_one_is_logged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    line = f"{MERGE_FAILED}No room is left."
    Child(monkeypatch, f"import sys; print({line!r}, file=sys.stderr); sys.exit('No folder.')")
    with pytest.raises(ReindexFailed, match="No folder"):
        ReindexProcess(settings).run()
    told = "Segments were not made into one in the background: No room is left."
    assert told in [record.getMessage() for record in caplog.records]


def test_the_end_of_what_makes_segments_one_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for script in ("import sys; sys.exit('No room is left.')", "import os; os.abort()", "pass"):
        with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) as merging:
            _tell_failure(merging)
    assert capsys.readouterr().err.splitlines() == [
        f"{MERGE_FAILED}No room is left.",
        f"{MERGE_FAILED}it ended with exit code -6",
    ]


def test_progress_and_report_come_line_by_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = (
        {"documents": 1, "total": 2, "share": 0.5},
        {"pages": 12},
        {"embedded": 7},
        "a word of a library",
        {"documents": 2, "total": 2, "share": 1.0},
        {"report": REPORT},
    )
    child = Child(monkeypatch, says(*events) + "print('no JSON at all')")
    progress: list[ReindexProgress] = []
    report = ReindexProcess(settings).run(progress=progress.append)
    assert progress == [
        ReindexProgress(1, 2, 0),
        ReindexProgress(1, 2, 0, 12),
        ReindexProgress(1, 2, 7, 12),
        ReindexProgress(2, 2, 7, 12),
    ]
    assert (report.generation, report.added, report.passages) == (3, ("a.md",), 17)
    assert (report.failed[0].document, report.failed[0].stale) == ("b.pdf", True)
    assert child.command == [sys.executable, "-m", "bot.cli", "reindex", "--jobs"]


def test_a_child_is_the_command_line_that_is_given(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = Child(monkeypatch, says({"report": REPORT}))
    ReindexProcess(settings, "tools.hardening.reindexer").run()
    assert child.command[1:] == ["-m", "tools.hardening.reindexer", "reindex", "--jobs"]


def test_a_child_knows_the_settings_but_not_the_token(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_MAX_PAGES", "9")
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", "secret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "secret")
    child = Child(monkeypatch, says({"report": REPORT}))
    token = settings.model_copy(update={"discord_token": SecretStr("secret")})
    ReindexProcess(token).run(dry_run=True)
    assert child.environment["BRIEFING_CORPUS"] == str(settings.corpus)
    assert child.environment["BRIEFING_MAX_PAGES"] == str(settings.max_pages)
    assert "secret" not in child.environment.values()


@pytest.mark.parametrize("wrong_at_most", [None, 0.1, 1 / 3, 0.5])
def test_a_child_reads_the_settings_that_its_parent_has(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, wrong_at_most: float | None
) -> None:
    child = Child(monkeypatch, says({"report": REPORT}))
    given = settings.model_copy(update={"wrong_at_most": wrong_at_most, "debug": True})
    ReindexProcess(given).run()
    for name, value in child.environment.items():
        monkeypatch.setenv(name, value)
    assert load_settings().model_copy(update={"discord_token": None}) == given


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no priorities")
def test_a_child_gives_way(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    wait = "import os, time\nwhile os.getpriority(os.PRIO_PROCESS, 0) < 10: time.sleep(0.01)\n"
    Child(monkeypatch, wait + says({"report": REPORT}))
    ReindexProcess(settings).run()


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="this is not Linux")
def test_a_child_is_what_goes_when_memory_runs_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = Path("/proc/self/oom_score_adj").read_text()
    wait = (
        "import time\nwhile open('/proc/self/oom_score_adj').read() != '500\\n': time.sleep(0.01)\n"
    )
    Child(monkeypatch, wait + says({"report": REPORT}))
    ReindexProcess(settings).run()
    assert Path("/proc/self/oom_score_adj").read_text() == score


def test_another_process_that_reindexes_is_no_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Child(monkeypatch, says({"busy": True}) + "import sys; sys.exit('Another reindex is running.')")
    reindexing = ReindexProcess(settings)
    with pytest.raises(IndexBusy, match="running already"):
        reindexing.run()
    assert reindexing.last is None


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (says({"report": REPORT}), ""),
        (says({"gone": 2, "known": 3}), str(CorpusShrunk(Path("corpus"), 2, 3))),
        ("raise SystemExit('No.')", "The reindex failed, and nothing was changed: No."),
        (says({"report": {}}), REINDEX_UNEXPECTED),
    ],
)
def test_what_became_of_the_last_one_is_known(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, script: str, problem: str
) -> None:
    Child(monkeypatch, script)
    reindexing = ReindexProcess(settings.model_copy(update={"corpus": Path("corpus")}))
    for dry_run in (True, False):
        assert reindexing.last is None
        with suppress(CorpusShrunk, ReindexFailed, ValidationError):
            reindexing.run(dry_run=dry_run)
    last = reindexing.last
    assert last is not None
    assert (last.done, last.problem) == (not problem, problem)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("import sys; sys.exit('The model is not there.')", "The model is not there."),
        (
            says({"problem": "No folder."}) + "import sys; sys.exit('A warning.\\nNo folder.')",
            "No folder.",
        ),
        ("import os; os.abort()", "it ended with exit code -6"),
        ("pass", "it ended with exit code 0"),
        (says({"report": REPORT}) + "import sys; sys.exit(3)", "it ended with exit code 3"),
    ],
)
def test_a_child_that_fails(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, script: str, expected: str
) -> None:
    Child(monkeypatch, script)
    reindexing = ReindexProcess(settings)
    with pytest.raises(ReindexFailed) as failed:
        reindexing.run()
    assert str(failed.value) == f"The reindex failed, and nothing was changed: {expected}"
    assert not reindexing.running


def test_what_the_child_itself_refuses_is_told(settings: Settings) -> None:
    """The real command line, which ends before it needs a model."""
    missing = settings.model_copy(update={"corpus": Path("nowhere")})
    with pytest.raises(ReindexFailed, match=r"nothing was changed: .*nowhere"):
        ReindexProcess(missing).run()


@pytest.mark.parametrize(
    ("drop_missing", "told"), [(False, False), (True, True), ("a b.md", ["a b.md"])]
)
def test_a_child_is_told_what_is_meant_to_be_gone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, drop_missing: bool | str, told: object
) -> None:
    job = {"dry_run": False, "drop_missing": told, "release": ["b.md"], "only": ["a.md", "b.md"]}
    Child(monkeypatch, f"import json\nassert json.loads(input()) == {job}\n" + REPORTED)
    ReindexProcess(settings).run(drop_missing=drop_missing, release=["b.md"], only=["b.md", "a.md"])


EACH_JOB = f"for job in open(0):\n    print({json.dumps(json.dumps({'report': REPORT}))})\n"
WAITS = "    print(json.dumps({'waits': True, 'pid': os.getpid()}), flush=True)\n"


def test_a_child_waits_for_the_next_reindex(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = Child(monkeypatch, f"import json, os\n{EACH_JOB}{WAITS}")
    reindexing = ReindexProcess(settings)
    reindexing.run()
    first = reindexing._kept
    reindexing.run()
    assert child.started == 1
    assert first is not None
    first._process.kill()
    wait_until(lambda: first.has_ended)
    reindexing.run()  # another one takes its place
    assert child.started == 2
    reindexing.stop()
    assert reindexing._kept is None


def test_a_child_does_not_wait_for_long(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_KEPT_SECONDS", 0.01)
    child = Child(monkeypatch, f"import json, os\n{EACH_JOB}{WAITS}")
    reindexing = ReindexProcess(settings)
    reindexing.prepare()
    wait_until(lambda: reindexing._kept is None)
    reindexing.run()
    wait_until(lambda: reindexing._kept is None)
    assert child.started == 2
    reindexing.stop()


@pytest.mark.search
def test_a_folder_that_lost_most_of_its_documents_is_told_of(settings: Settings) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (settings.corpus / name).write_text(f"{name} is about ships.")
    reindexer_of(settings).run()
    for name in ("a.txt", "b.txt"):
        (settings.corpus / name).unlink()
    with pytest.raises(CorpusShrunk) as caught:
        ReindexProcess(settings).run()
    assert (caught.value.gone, caught.value.known) == (2, 3)


def test_much_on_the_error_output_holds_nothing_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = "import sys\nsys.stderr.write('a warning\\n' * 100_000)\n"
    Child(monkeypatch, noise + says({"report": REPORT}))
    assert ReindexProcess(settings).run().generation == 3


SLEEP = "import time; time.sleep(60)"


def test_only_one_runs_at_a_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    Child(monkeypatch, SLEEP)
    reindexing = ReindexProcess(settings)
    thread = threading.Thread(target=_failing, args=(reindexing, []))
    thread.start()
    wait_until(lambda: reindexing._child is not None)
    assert reindexing.running
    with pytest.raises(IndexBusy, match="A reindex is running already"):
        reindexing.run()
    reindexing.stop()
    thread.join(60)
    assert not reindexing.running


@pytest.mark.search
def test_another_program_s_reindex_is_told_of(settings: Settings) -> None:
    (settings.corpus / "a.md").write_text("Some words.")
    store = reindexer_of(settings).store
    reindexing = ReindexProcess(settings)
    with store.lock(), pytest.raises(IndexBusy):
        reindexing.run()
    assert reindexing.last is None


def test_stopping_ends_the_child_for_good(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Child(monkeypatch, SLEEP)
    reindexing = ReindexProcess(settings)
    failures: list[ReindexFailed] = []
    thread = threading.Thread(target=_failing, args=(reindexing, failures))
    thread.start()
    wait_until(lambda: reindexing._child is not None)
    reindexing.stop()
    thread.join(60)
    assert reindexing._child is not None
    assert reindexing._child._process.returncode == -15
    with pytest.raises(ReindexFailed):  # a later one does not begin
        reindexing.run()
    assert [str(failure) for failure in failures] == [module._STOPPED]


def test_stopping_what_does_not_run_does_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ReindexProcess(settings).stop()
    Child(monkeypatch, says({"report": REPORT}))
    reindexing = ReindexProcess(settings)
    reindexing.run()
    reindexing.stop()


def _failing(reindexing: ReindexProcess, failures: list[ReindexFailed]) -> None:
    try:
        reindexing.run()
    except ReindexFailed as exc:
        failures.append(exc)
