"""How ONNX models are run."""

from __future__ import annotations

import pytest

from index.models.onnx import PairModel
from index.models.registry import PACKAGED_READER, model_directory


@pytest.mark.models
def test_no_plan_of_the_memory_is_kept_for_each_length() -> None:
    folder = model_directory(PACKAGED_READER)
    model = PairModel(folder / "model.onnx", folder / "tokenizer.json", threads=1)
    assert not model._session.get_session_options().enable_mem_pattern
