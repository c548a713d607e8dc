"""Misfits: what cannot be the answer, however well it fits, and so is never sure."""

from index.answering.kinds.misfits.addresses import lacks_address
from index.answering.kinds.misfits.lapsed import has_lapsed
from index.answering.kinds.misfits.rates import is_by_another_unit
from index.answering.kinds.misfits.rules import is_misfit
from index.answering.kinds.misfits.times import tells_when

__all__ = ["has_lapsed", "is_by_another_unit", "is_misfit", "lacks_address", "tells_when"]
