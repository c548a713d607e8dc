"""Metrics as Prometheus reads them."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from bot.observing.pages import figures
from bot.services import Services


def samples(services: Services) -> list[Sample]:
    text = figures(services, services.admission.state).decode()
    return [one for family in text_string_to_metric_families(text) for one in family.samples]


def value(services: Services, name: str, **labels: str) -> float | None:
    """The sum of what has at least these labels; None where there is no such series."""
    found = [
        one.value
        for one in samples(services)
        if one.name == name and labels.items() <= one.labels.items()
    ]
    return sum(found) if found else None
