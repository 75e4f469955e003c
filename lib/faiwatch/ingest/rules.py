"""The rules by which a cell became something else: what they say to readers."""

from faiwatch.core.phrases import texts_of

RULES = texts_of("ingest.words_rules")
