"""What is read of a Dockerfile and a .dockerignore, and what is refused."""

from __future__ import annotations

import pytest

from tools.release.dockerfile import Instruction, NotUnderstood, expand, ignored, read_dockerfile


def test_instructions_with_their_flags_and_the_line_they_begin_on() -> None:
    text = (
        "# about it\n"
        "FROM some:1 AS first\n"
        "\n"
        "RUN make all \\\n"
        "# why not\n"
        " && make check\n"
        'ENV ONE=1 TWO="a b"\n'
        "COPY --from=first --chown=5:5 /a /b /c/\n"
        'HEALTHCHECK --interval=9s CMD ["look", "there"]\n'
    )
    assert read_dockerfile(text) == [
        Instruction(2, "FROM", ("some:1", "AS", "first")),
        Instruction(4, "RUN", ("make all && make check",)),
        Instruction(7, "ENV", ("ONE=1", "TWO=a b")),
        Instruction(8, "COPY", ("/a", "/b", "/c/"), {"from": "first", "chown": "5:5"}),
        Instruction(9, "HEALTHCHECK", ("look", "there"), {"interval": "9s"}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ADD there here",
        "RUN --mount=type=cache,target=/x make",
        "RUN <<END",
        'RUN ["make"]',
        'COPY ["a b", "c"]',
        "COPY --chmod=755 a b/",
        "COPY a b",
        "CMD run",
        "CMD [1]",
        "HEALTHCHECK NONE",
        "ENV ONE 1",
        "# syntax=docker/dockerfile:1",
        "RUN make \\",
    ],
)
def test_what_is_not_understood_is_refused_and_not_passed_over(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_dockerfile(text)


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$SET/bin:${SET}", "here/bin:here"),
        ("a${UNSET}b$UNSET", "ab"),
        ("${UNSET:-other} ${SET:-other}", "other here"),
        ("${UNSET:+other}${SET:+other}", "other"),
        ("${EMPTY:-other}", "other"),
    ],
)
def test_variables(text: str, expanded: str) -> None:
    assert expand(text, {"SET": "here", "EMPTY": ""}) == expanded


@pytest.mark.parametrize(
    ("path", "patterns", "out"),
    [
        ("a/b/c.py", "a", True),
        ("ab/c.py", "a", False),
        ("b/a", "a", False),
        ("b/a", "**/a", True),
        ("a", "**/a", True),
        ("x.md", "*.md", True),
        ("a/x.md", "*.md", False),
        ("a/x.md", "a/?.md", True),
        ("a/x.md", "*\n!a", False),
        ("a/x.md", "*\n!a\n**/*.md", True),
        ("a/x.md", "# a\n\n/a/", True),
        ("aXb", "a.b", False),
    ],
)
def test_the_last_pattern_that_matches_decides(path: str, patterns: str, out: bool) -> None:
    assert ignored(path, patterns) is out
