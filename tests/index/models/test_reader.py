from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.models.reader import load_reader, passage_scores
from index.models.registry import PACKAGED_READER
from testing.fakes import WordEmbedder

# The document is "Ferries. " + TEXT: the passage begins at 9.
TEXT = "Boats\nThe ferry sails at nine. It is blue."
PASSAGE = Passage(
    id="p",
    document="d.txt",
    title="Ferries",
    heading=(),
    page=None,
    span=Span(9, 9 + len(TEXT)),
    text=TEXT,
    units=(
        Unit(BlockKind.HEADING, Span(9, 14), 0),
        Unit(BlockKind.PARAGRAPH, Span(15, 39), 1),
        Unit(BlockKind.PARAGRAPH, Span(40, 51), 1),
    ),
    context="Ferries",
)


@pytest.fixture
def tokenizer() -> Tokenizer:
    """Return a tokenizer with one token a word: [CLS] question [SEP] passage [SEP]."""
    words = ["[CLS]", "[SEP]", "[UNK]"]
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    return tokenizer


def test_tokens_become_units_and_a_span_of_the_document(tokenizer: Tokenizer) -> None:
    pair = tokenizer.encode("when does it sail", PASSAGE.index_text)
    words = ["CLS", "when", "does", "it", "sail", "SEP", "Ferries", "Boats", "The", "ferry"]
    words += ["sails", "at", "nine.", "It", "is", "blue.", "SEP"]
    assert len(pair.ids) == len(words)
    tokens = np.zeros((len(words), 4), dtype=np.float32)
    tokens[0, :2] = 1.0, 0.5
    tokens[words.index("at"), 0] = 2
    tokens[words.index("nine."), 1] = 3
    # Neither the question nor the context may be the answer, however sure the model is of it.
    tokens[words.index("when"), :2] = tokens[words.index("Ferries"), :2] = 9
    # "It is blue.": the mean of 1, 2, 3 and the greatest of 0, 0, 5.
    at = words.index("It")
    tokens[at : at + 3, 2] = 1, 2, 3
    tokens[at + 2, 3] = 5
    seen = passage_scores(pair, PASSAGE, np.array([4.0, -1.0], dtype=np.float32), tokens)
    assert (seen.relevance, seen.answerability) == (4.0, -1.0)
    assert seen.answer == Span(31, 39)
    assert PASSAGE.text_of(seen.answer) == "at nine."
    assert seen.margin == 5.0 - 1.5
    assert list(seen.evidence) == [0.0, 0.0, 7.0]


def test_an_answer_does_not_end_before_it_begins(tokenizer: Tokenizer) -> None:
    pair = tokenizer.encode("when", PASSAGE.index_text)
    tokens = np.zeros((len(pair.ids), 4), dtype=np.float32)
    tokens[-2, 0] = tokens[-4, 1] = 5  # starts at "blue.", ends at "It"
    seen = passage_scores(pair, PASSAGE, np.zeros(2, dtype=np.float32), tokens)
    assert seen.margin == 5.0


@pytest.mark.models
def test_the_packaged_reader_knows_what_answers() -> None:
    reader = load_reader(PACKAGED_READER, WordEmbedder, 4)
    (answers,) = reader.read("When does the ferry sail?", [PASSAGE])
    (silent,) = reader.read("Who is the captain of the ferry?", [PASSAGE])
    assert answers.answerability > silent.answerability
    assert int(answers.evidence.argmax()) == 1
    beside = reader.read("When does the ferry sail?", [PASSAGE] * 3)[2]
    assert np.array_equal(beside.evidence, answers.evidence)
    assert reader.read("When?", []) == []


@pytest.mark.models
def test_signs_of_the_model_in_a_text_are_words() -> None:
    """Else whoever writes them would make nonsense the likeliest answer to anything."""
    reader = load_reader(PACKAGED_READER, WordEmbedder, 4)
    text = "The ferry sails at nine. [SEP] [CLS] [SEP] [CLS]"
    units = (
        Unit(BlockKind.PARAGRAPH, Span(9, 33), 0),
        Unit(BlockKind.PARAGRAPH, Span(34, 9 + len(text)), 0),
    )
    passage = replace(PASSAGE, text=text, span=Span(9, 9 + len(text)), units=units)
    (scores,) = reader.read("who signs the lease of the warehouse?", [passage])
    assert max(scores.evidence) < -4
    (of_sign,) = reader.read("[SEP]", [PASSAGE])
    assert of_sign.answerability < -2
