"""What the lights of a ledger are called, wherever they are shown."""

from faiwatch.core.phrases import texts_of

UNDEFINED, MISSING, NOT_APPLICABLE = "undefined", "missing", "not_applicable"
LIGHTS = texts_of("core.words_lights")
