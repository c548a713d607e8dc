"""deploy/grafana.json shows metrics that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.services import Services
from tests.bot.observing.asked import asked
from tests.bot.observing.scraped import samples

BOARD = json.loads((Path(__file__).parents[3] / "deploy/grafana.json").read_text(encoding="utf-8"))
EXPRESSIONS = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]


async def test_every_metric_and_label_is_ours(services: Services) -> None:
    await services.answering.answer(asked())
    services.reindexing.run()
    services.metrics.replied(1)
    found = samples(services)
    names = {one.name for one in found}
    labels = {label for one in found for label in one.labels}
    text = "\n".join(EXPRESSIONS)
    assert set(re.findall(r"\b(?:briefing|process)_\w+", text)) <= names
    by = ",".join(re.findall(r"\bby \(([^)]*)\)", text)).replace(" ", "").split(",")
    assert {*by, *re.findall(r"[{,]\s*(\w+)=", text)} <= labels


def test_it_can_be_imported_for_any_data_source() -> None:
    (asked_for,) = BOARD["__inputs"]
    assert asked_for["type"] == "datasource"
    wanted = {"type": "prometheus", "uid": "${" + asked_for["name"] + "}"}
    for panel in BOARD["panels"]:
        assert [wanted] * (1 + len(panel["targets"])) == [
            panel["datasource"],
            *(target["datasource"] for target in panel["targets"]),
        ]


@pytest.mark.parametrize("panel", BOARD["panels"], ids=lambda panel: panel["title"])
def test_panels_do_not_overlap(panel: dict[str, Any]) -> None:
    def cells(one: dict[str, Any]) -> set[tuple[int, int]]:
        at = one["gridPos"]
        return {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}

    assert max(x for x, _ in cells(panel)) < 24
    others = [one for one in BOARD["panels"] if one is not panel]
    assert not any(cells(panel) & cells(one) for one in others)
