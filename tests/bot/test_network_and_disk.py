"""What the program does to the network and the disk, libraries' native code and children included.

The kernel tells (`testing/system_calls.py`), whatever Python knows of it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from testing.budget import HARDENING
from testing.loopback import Loopback, Request
from testing.loopback.payloads import ALICE, BOT, message
from testing.running import until
from testing.system_calls import Act, cannot_trace, traced

pytestmark = pytest.mark.search

ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = [sys.executable, "-m", "bot.cli"]
_REPORTED_AFTER = 14.0 if HARDENING else 0.0
"""Seconds after which ONNX Runtime 1.32, where it is let, has looked up where to report to: it took
9 to 12 after the first model was loaded."""

_NORWAY = "# Norway\n\nNorway takes part only if there is a ceasefire.\n"
_QUESTION = "when does Norway take part?"
_QUESTIONS = (
    '{"question": "When does Norway take part?", "answerable": true, "document": "norway.md",'
    ' "excerpt": "only if there is a ceasefire"}\n'
    '{"question": "Who won the football world cup of 1998?", "answerable": false}\n'
)


@pytest.fixture(autouse=True, scope="module")
def _traceable() -> None:
    if why := cannot_trace():
        pytest.skip(f"Nothing can be traced here: {why}.")


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """Folders of the test's own, and what would have the libraries report, had they the say."""
    for name in ("home", "tmp", "corpus"):
        (tmp_path / name).mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "BRIEFING_INDEX": "index",
        "BRIEFING_RECORDS": "records",
        "ORT_DISABLE_TELEMETRY": "0",
    }


def add_documents(corpus: Path) -> None:
    """One of each format that a library of its own reads."""
    for suffix in ("pdf", "docx", "pptx", "xlsx", "eml", "html"):
        shutil.copy(next((ROOT / "corpus").rglob(f"*.{suffix}")), corpus)


class TestTracing:
    """What is forbidden is seen when it is done, so that nothing seen means nothing done."""

    def test_each_kind_of_call_is_seen(
        self, tmp_path: Path, environment: Mapping[str, str]
    ) -> None:
        breaks = """
            import os, socket, subprocess, sys, threading

            def tried(call, *arguments):
                try:
                    call(*arguments)
                except OSError:
                    pass

            tcp, udp, six = (
                socket.socket(socket.AF_INET), socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
                socket.socket(socket.AF_INET6),
            )
            thread = threading.Thread(target=tried, args=(tcp.connect, ("192.0.2.1", 443)))
            thread.start()
            thread.join()
            tried(six.connect, ("2001:db8::1", 443))
            tried(udp.sendto, b"who?", ("192.0.2.2", 53))
            tried(udp.sendmsg, [b"who?"], [], 0, ("192.0.2.3", 53))
            tried(tcp.bind, ("127.0.0.1", 8080))
            tried(socket.socket(socket.AF_UNIX).connect, "/nowhere/socket")
            os.mkdir("home/folder")
            folder = os.open("home/folder", os.O_RDONLY)
            open("home/folder/a", "w").close()
            os.rename("a", "b", src_dir_fd=folder, dst_dir_fd=folder)
            os.symlink("/", "home/link")
            os.link("home/folder/b", "home/c")
            os.truncate("home/c", 0)
            os.unlink("b", dir_fd=folder)
            os.rmdir("home/folder")
            open("home/c").close()
            subprocess.run([sys.executable, "-c", "open('home/child', 'w')"], check=True)
        """
        lines = [line.removeprefix(" " * 12) for line in breaks.splitlines()]
        with traced(
            [sys.executable, "-c", "\n".join(lines)], environment=environment, cwd=tmp_path
        ) as trace:
            assert trace.process.wait(60) == 0
        assert trace.network == {
            Act("connect", "192.0.2.1:443"),
            Act("connect", "[2001:db8::1]:443"),
            Act("sendto", "192.0.2.2:53"),
            Act("sendmsg", "192.0.2.3:53"),
            Act("bind", "127.0.0.1:8080"),
            Act("connect", "unix:/nowhere/socket"),
        }
        home = tmp_path / "home"
        found = trace.written_outside(tmp_path / "tmp")
        names = [Path(act.what).relative_to(home).as_posix() for act in found]
        assert {*names} == {"folder", "folder/a", "folder/b", "link", "c", "child"}
        # Under the names that this architecture has for them; a read is none of them.
        assert {act.call.removesuffix("at").removesuffix("at2") for act in found} == {
            *("mkdir", "open", "rename", "symlink", "link", "truncate", "unlink"),
            *(["rmdir"] if os.uname().machine == "x86_64" else []),
        }
        assert not trace.written_outside(home)

    def test_a_name_that_native_code_looks_up_is_seen(
        self, tmp_path: Path, environment: Mapping[str, str]
    ) -> None:
        look = (
            "import ctypes; found = ctypes.c_void_p(); "
            "ctypes.CDLL(None).getaddrinfo(b'collector.invalid', b'443', None, ctypes.byref(found))"
        )
        with traced([sys.executable, "-c", look], environment=environment, cwd=tmp_path) as trace:
            assert trace.process.wait(60) == 0
        assert trace.network

    @pytest.mark.models
    def test_onnx_runtime_by_itself_is_seen_to_keep_an_id(
        self, tmp_path: Path, environment: Mapping[str, str]
    ) -> None:
        """Should it fail after an update, `index/telemetry.py` may have nothing left to do."""
        with traced(
            [sys.executable, "-c", "import onnxruntime"], environment=environment, cwd=tmp_path
        ) as trace:
            assert trace.process.wait(60) == 0
        written = trace.written_outside(tmp_path / "tmp")
        assert any(Path(act.what).is_relative_to(tmp_path / "home") for act in written)


@pytest.mark.models
async def test_nothing_but_discord_is_reached_and_nothing_but_its_folders_written(
    tmp_path: Path, environment: Mapping[str, str]
) -> None:
    (tmp_path / "corpus" / "norway.md").write_text(_NORWAY, encoding="utf-8")
    ours = [tmp_path / name for name in ("index", "records", "tmp")]
    generations = tmp_path / "index/generations"
    if HARDENING:
        called(tmp_path, environment, "reindex")
    else:  # the bot finds it all at its start, and reindexes once
        add_documents(tmp_path / "corpus")
    async with Loopback() as server:
        with traced(
            [sys.executable, "-m", "testing.command_process", server.url, "run"],
            environment={
                **environment,
                "DISCORD_TOKEN": server.token,
                "BRIEFING_WATCH_SECONDS": "1",
            },
            cwd=tmp_path,
            reachable=urlsplit(server.url).netloc,
        ) as trace:
            await server.identified(timeout=60)
            await until((tmp_path / "index/CURRENT").is_file, timeout=60)
            server.send(message(ALICE, f"<@{BOT.id}> {_QUESTION}", mentions=[BOT]))
            await server.wait_for(lambda request: "ceasefire" in told(request), timeout=60)
            answered = time.monotonic()
            if HARDENING:
                add_documents(tmp_path / "corpus")
                # By a reindex that the bot starts; a backup at the same time would keep it waiting.
                await until((generations / "000002").is_dir, timeout=60)
                await asyncio.to_thread(everything_else, tmp_path, environment)
            await asyncio.sleep(max(0.0, answered + _REPORTED_AFTER - time.monotonic()))
            assert trace.process.poll() is None
            trace.process.terminate()
            await asyncio.to_thread(trace.process.wait, 30)
    assert trace.network == {Act("connect", urlsplit(server.url).netloc)}
    assert not trace.written_outside(*ours)
    # What the bot started was seen as well.
    assert Act("rename", str(max(generations.glob("[0-9]*")))) in {
        Act(act.call.removesuffix("at"), act.what) for act in trace.acts
    }


def told(request: Request) -> str:
    return str(request.json) if request.method in ("POST", "PATCH") else ""


def everything_else(folder: Path, environment: Mapping[str, str]) -> None:
    """Run the commands, each on its own; they see the bot's folders, which is running."""
    (folder / "questions.jsonl").write_text(_QUESTIONS, encoding="utf-8")
    out = folder / "out"
    out.mkdir()
    called(folder, environment, "ask", "--", _QUESTION)
    called(folder, environment, "backup", str(out / "backup.tar.gz"))
    called(folder, environment, "eval", "questions.jsonl", "--picture", str(out / "picture.png"))
    assert {path.name for path in out.iterdir()} == {"backup.tar.gz", "picture.png"}


def called(folder: Path, environment: Mapping[str, str], *arguments: str) -> None:
    """Run the command line to its end, and hold it to no network and to its folders."""
    with traced([*_PROGRAM, *arguments], environment=environment, cwd=folder) as trace:
        assert trace.process.wait(120) == 0
    assert not trace.network
    assert not trace.written_outside(
        *(folder / each for each in ("index", "records", "tmp", "out"))
    )
