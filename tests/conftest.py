"""What holds for every test: no network, and property tests that do not depend on the clock."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket

from testing.budget import amount

os.environ["HF_HUB_OFFLINE"] = "1"  # read when huggingface_hub is first imported

# A busy machine must not fail a test: no deadline, and no complaint about slow examples.
settings.register_profile(
    "here", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=amount(60)
)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_runtest_setup() -> None:
    disable_socket(allow_unix_socket=True)
