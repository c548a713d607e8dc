"""The scope of a question and its findings: the values that all kinds of questions share."""

from index.answering.scope.findings import Candidate, Findings
from index.answering.scope.scope import Scope

__all__ = ["Candidate", "Findings", "Scope"]
