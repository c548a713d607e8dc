"""Every constant that shapes an answer, in one value.

The fitted numbers are beside it, in calibration.json. docs/QUALITY.md says what the constants are
worth, and `tools/training/ablate.py` measures it by running the engine with other values.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """The engine's constants, in the order of its stages. Lengths are in characters."""

    # Spelling
    spelled_words: int = 64
    """Words of a question that are corrected, the first ones. Each may take milliseconds."""
    shortest_corrected: int = 4
    """Letters of the shortest word that is corrected."""
    two_edits_from: int = 8
    """Letters of a word that may have two typing errors in it."""
    spelling_majority: float = 4.0
    """How many times as frequent as any other candidate a correction must be."""

    # Documents that a question names
    sure_name: float = 0.75
    """How well words must fit a document's name, for a search to be narrowed to it."""
    most_named: int = 4
    """Documents that a search is narrowed to at most; more are no answer to "which one"."""

    # Retrieval
    candidates: int = 50
    """Passages that each of the two searches gives."""
    dense_weight: float = 0.5
    """Of the dense list in the fused score; 0 leaves that search out."""
    lexical_weight: float = 0.5
    """Of the lexical list in the fused score; 0 leaves that search out."""
    complete_cosines: bool = True
    """Whether passages that only the lexical search found get their cosine too. Beyond the last
    dense candidate a cosine is not zero: without this, the best passage of a short document among
    thousands is often not read."""
    document_weight: float = 0.3
    """Of the score of a document's names and beginning, in the fused score of its passages."""
    missing_names: float = 0.4
    """Taken off the fused score of a passage that has none of the question's names, where another
    document has them in its own."""
    least_favoured: float = 0.3
    """The score from which on a document's passages are searched for themselves, too."""
    favoured_share: float = 0.9
    """Of the best document's score, from which on another one stands beside it."""
    most_favoured: int = 5
    """Documents that are searched for themselves; where more fit as well, none stands out."""
    read_passages: int = 6
    """Passages that the reader scores for an answer."""
    read_passages_in_search: int = 10
    """Passages that the reader scores for a search."""
    fusion_weight: float = 6.0
    """Logits that a fused score of one adds to the reader's relevance."""

    # Follow-ups
    conversing_passages: int = 2
    """Passages that are read for a question within a conversation, beside those of any other."""
    conversing_breadth: int = 3
    """Passages of which the best unit is quoted beside a sure answer within a conversation that has
    shown nothing yet."""
    conversing_share: float = 0.15
    """Of the probability of the best unit, what such a unit must have. Chosen on MTRAG."""
    topic_passages_read: int = 4
    """Passages found for the question before and the new one together, that are read too."""
    own_words: int = 4
    """Words, without those of grammar, of a question that may be about another topic."""
    replied_odds: float = 0.6
    """Log odds that are added to what follows a reply of others: whoever asks on has mostly seen
    that the documents are about it. Chosen on the conversations of MTRAG."""
    around_passages: int = 4
    """Passages around what was shown that are read for a follow-up."""
    around_fused: float = 0.5
    """The fused score of such a passage where the searches gave it less."""
    continued_excerpts: int = 2
    """Excerpts whose text goes on where more is asked for."""
    continued_characters: int = 600
    """Text that is shown next to such an excerpt."""
    widened_by: int = 300
    """Text before and after an excerpt that is doubted, at most."""

    # Questions that ask several things
    most_parts: int = 5
    """Parts of a question; one with more is better served by the answer to the whole."""
    longest_decomposed: int = 60
    """Words of a question that is decomposed; the rules would misread a longer text."""
    part_passages: int = 3
    """Passages that are read for each part at least, beside those that are shared."""
    shared_passages: int = 1
    """Passages of the whole question that are read for each part too."""
    uncovered_share: float = 0.215
    """Of the answer threshold: with less confidence, a part counts as not covered by the documents.
    Chosen on tests/data/part-questions.jsonl: most parts between the two are answered where the
    rest of their question is."""

    # Questions about the documents themselves
    ruled_confidence: float = 0.98
    """Of an answer that the catalog gives to a question whose grammar allows no other reading."""
    likely_confidence: float = 0.9
    """Of one whose grammar allows another, where the catalog knows what is named."""
    listed_documents: int = 30
    """Documents that are listed at most."""
    compared_characters: int = 400_000
    """Characters of two documents that are compared for a question; longer ones take seconds."""
    compared_sentences: int = 3
    """Sentences that differ between two documents and are quoted, each with what it was."""
    newest_documents: int = 5
    """Documents that are listed where the newest are asked for, without a number or a time."""
    surely_named: float = 0.7
    """How well words must fit the name of a document to stand for it."""
    dated_statements: int = 12
    """Statements that are shown at most for a time."""

    # Lists over all documents
    rolled_up_passages: int = 30_000
    """Passages that are read for a list at most; of a longer one it is said that there is more."""

    # Evidence and confidence
    evidence_passages: int = 4
    """Passages whose units may be evidence. Nearly all answers that are found are in them."""
    few_passages: int = 150
    """Passages in an index from which on more of them do not change the confidence."""

    open_share: float = 0.5
    """Of a question's words, weighted by IDF, that a statement that its size, date or place is open
    must have to answer it."""
    outright_share: float = 0.8
    """The same for a statement that something is open that names no such thing, for one that there
    is none, and for a field whose label is asked for."""
    germanic_share: float = 0.7
    """Of the words of a question in German or a Nordic language, that a sentence must have."""
    outright_confidence: float = 0.7
    """That such a statement answers."""

    # Dates of documents
    freshness: float = 0.5
    """How much they weigh between passages that answer the same question, from 0 to 1: at 0 only
    the text counts, at 1 the newer one comes first wherever it may answer too."""
    replaced_odds: float = 5.5
    """Log odds that what is replaced, or does not hold yet, counts less than what holds. These are
    at a freshness of .5, and chosen by hand on the development half of tests/data/holding.toml."""
    withdrawn_odds: float = 4.0
    """The same for what says that it holds no longer, where nothing says what replaces it."""
    other_year_odds: float = 3.0
    """The same for what does not name the year that is asked for, beside what does."""
    age_odds: float = 4.0
    """The same for what is far older than what speaks of the same."""
    ageing_days: float = 60.0
    """After so many days, two thirds of it count."""
    undated_share: float = 0.15
    """Of it, what counts for an undated document."""
    property_share: float = 0.3
    """Of it, what counts for a date that only the properties of a file state."""
    subject_share: float = 0.6
    """Of the question's nouns that an older passage has: what a newer one must have that is about
    as likely. One that is less likely must have them all."""
    near_odds: float = 1.2
    """Log odds up to which one is about as likely as another."""
    far_odds: float = 3.5
    """Log odds from which one does not answer the same question as another, whatever its words."""
    outranked_share: float = 0.9
    """Of the probability of what holds, for what it outranks."""

    # Excerpts
    unsure_excerpts: int = 3
    """Excerpts that are shown at most where they may not answer."""
    other_share: float = 0.05
    """Of the probability of the best unit, what the best of another passage must have to be shown
    beside it where neither may answer."""
    excerpt_characters: int = 900
    """What a person reads in one go; a list that is asked for may be longer."""
    longest_list: int = 4_000
    """The longest list that is shown whole."""
    short_list: int = 400
    """A list up to this long is shown whole even where one entry would do."""
    outstanding_item: float = 4.0
    """Logits by which an item must beat the others of its list to be shown alone."""
    outstanding_answer: float = 2.4
    """The same where one entry may be the answer: who, when, how many, what something is."""
    least_item_words: int = 4
    """Words of an entry that can be understood alone."""
    joined_gap: int = 200
    """Text up to this long between two chosen units is shown with them."""
    joined_in_block: int = 320
    """The same within one paragraph, which reads better whole than in parts."""
    transcript_turn: int = 300
    """Text of a transcript up to this long before a sentence, from the speaker on, is shown."""
    reply_characters: int = 400
    """Of what a mail says to what it quotes."""
    settled_factor: float = 1.5
    """Times the evidence threshold, where a short answer settles the question."""
    described_factor: float = 0.6
    """Times the evidence threshold, where a question asks for a description. This, the factor above
    and the gap were chosen by hand on a few hundred questions; a cross-validated search found no
    better ones."""
    beside_share: float = 0.15
    """Of the likeliest unit's probability, that another needs to be shown beside it."""
    alone_share: float = 0.25
    """The same where one thing is asked for: who, when, keywords, yes or no. With .35 the evidence
    of `clapnq` is .80 in place of .86, of what is wanted there as several spans."""
    elsewhere_share: float = 0.5
    """The same for a unit of another document."""
    apart_share: float = 0.75
    """The same for the answer to another question, or a row of another table."""
    sure_margin: float = 1.0
    """The margin from which on a short answer is trusted; chosen on `squad`."""
    emphasised: float = 0.7
    """The probability from which on a unit is emphasised. From .5 on, one in nine of those of
    `squad` and a sixth of those of `clapnq` held no part of the answer."""

    # Summaries and sections
    summary_characters: int = 900
    """Of the sentences that summarise a document or a topic."""
    longest_summary: int = 1_500
    """A section called Summary up to this long is shown whole."""
    title_weight: float = 1.5
    """Times the weight of a word of the document's title."""
    item_weight: float = 0.7
    """Times the worth of an item of a list, which is often no sentence."""
    leaning_weight: float = 0.6
    """Times the worth of a sentence that leans on the one before, such as "It was late"."""
    least_gist_words: int = 5
    """Words that a sentence needs, without those of grammar, to be part of a summary."""
    longest_gist_sentence: int = 400
    """A longer one would be half of the summary."""
    gist_filled: float = 0.65
    """Of the characters: a summary this full takes no shorter sentence in place of a better one."""
    repeated_weight: float = 0.3
    """Times the weight of a word, once a chosen sentence holds it."""
    length_power: float = 0.7
    """Of a sentence's number of words, by which its weight is divided: 1 would be the mean. This,
    and the weight above, overlap most with the summaries of meetings of QMSum."""
    lead_weight: float = 1.4
    """Times the worth of the first sentence below a heading."""
    longest_read: int = 1_000_000
    """Characters of a document that are looked through for a question, some 500 pages."""
    longest_weighed: int = 60_000
    """Of a longer document only the first sentences below its headings are weighed."""
    topic_passages: int = 100
    """Passages on a topic whose sentences are weighed."""
    topic_documents: int = 4
    """Documents that a summary of a topic quotes, those with the best passages."""
    least_named: float = 0.75
    """How well words must fit a document's name to mean that document."""
    most_headings: int = 40
    """Headings of a document that are shown as its contents; with more, the outer ones."""
    summary_confidence: float = 0.9
    """That a summary of the document that is named is what was asked for."""
    topic_confidence: float = 0.7
    """The same for what the documents say on a topic, where they hold every word of it."""
    heading_share: float = 0.6
    """Of a heading's words, weighted by IDF, that a question must have to be that heading."""
    asked_share: float = 0.75
    """Of a question's words, weighted likewise, that the heading, the headings above it, the title
    and the first sentence must have."""
    longest_section: int = 1_200
    """A section of prose up to this long is shown whole."""
    left_open_share: float = 0.75
    """The same for the open statements of a document, where no heading is the question."""
    heading_confidence: float = 0.85
    """That the section whose heading is the question answers it."""

    # Differences
    differing_share: float = 0.2
    """Of the probability of the best evidence: with less, a unit is no other answer to it."""
    differing_units: int = 12
    """Units that are compared with each other, the most probable ones."""

    # Tables
    table_passages: int = 60
    """Passages, the best of the lexical search, whose tables may answer."""
    wide_search: int = 10
    """Times as many, where rows are compared and no table is among these."""
    tables: int = 8
    """Tables that are read for a question, the nearest ones."""
    passages_of_table: int = 240
    """Passages of one table, on either side of the nearest, that are read; of a longer table
    nothing is computed."""
    pages_of_table: int = 60
    """Pages over which a table is read on, where no header begins a new one."""
    caption_characters: int = 400
    """Of the paragraph before a table that may introduce it."""
    table_rows: int = 8
    """Rows that an answer shows at most."""
    table_confidence: float = 0.9
    """Where rows and columns settle the question, and none of its words is left over."""
    less_sure_confidence: float = 0.75
    """Where one word of the question, not a name nor a figure, stands in no cell and no header."""
    as_good: float = 0.9
    """Of the best score: a table with as much answers as well."""
    read_sure: float = 0.75
    """Of sure text that the reader prefers to rows: with less confidence, the rows answer."""
    row_share: float = 0.6
    """Of a question's words, weighted by IDF, that rows and what stands above them must have, where
    they were found as sentences are, to be more than doubtful."""
    unmatched_share: float = 0.4
    """Of the weight of a question's words: with more of it left over, no table answers."""


TUNING = Tuning()
"""What ships."""
