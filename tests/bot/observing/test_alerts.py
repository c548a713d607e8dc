"""deploy/alerts.yml and deploy/prometheus.yml name metrics and labels that there are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.services import Services
from tests.bot.observing.asked import asked
from tests.bot.observing.scraped import samples

DEPLOY = Path(__file__).parents[3] / "deploy"
DATA = Path(__file__).parents[2] / "data"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
SCRAPE = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))


async def test_every_metric_label_and_outcome_is_ours(services: Services) -> None:
    await services.answering.answer(asked())
    services.reindexing.run()
    found = samples(services)
    names = {one.name for one in found}
    outcomes = {one.labels["outcome"] for one in found if "outcome" in one.labels}
    for rule in RULES:
        assert set(re.findall(r"\bbriefing_\w+", rule["expr"])) <= names, rule["alert"]
        for wanted in re.findall(r'outcome=~?"([^"]*)"', rule["expr"]):
            assert set(wanted.split("|")) <= outcomes, rule["alert"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_says_what_happened_and_how_bad_it_is(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    assert rule["annotations"]["summary"].endswith(".")


def test_what_is_scraped_is_what_the_rules_are_about() -> None:
    (job,) = SCRAPE["scrape_configs"]
    assert SCRAPE["rule_files"] == ["alerts.yml"]
    jobs = {name for rule in RULES for name in re.findall(r'job="([^"]*)"', rule["expr"])}
    assert jobs == {job["job_name"]}


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_takes_them() -> None:
    for what, name in (("rules", "alerts.yml"), ("config", "prometheus.yml")):
        subprocess.run(["promtool", "check", what, name], cwd=DEPLOY, check=True, timeout=60)


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_each_fires_when_it_must_and_not_before(tmp_path: Path) -> None:
    for path in (DEPLOY / "alerts.yml", DATA / "alerts_test.yml"):
        shutil.copy(path, tmp_path)
    played = yaml.safe_load((DATA / "alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    asked = {each["alertname"] for test in played for each in test["alert_rule_test"]}
    assert asked == {rule["alert"] for rule in RULES}
    subprocess.run(
        ["promtool", "test", "rules", "alerts_test.yml"], cwd=tmp_path, check=True, timeout=60
    )
