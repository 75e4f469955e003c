"""What a briefing says that an earlier one did not, sentence by sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from faiwatch.briefing.record import Briefing
from faiwatch.core.errors import DataInvalidError
from faiwatch.core.files import bytes_of
from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Language, Text

Kind = Literal["changed", "new", "gone"]
KINDS = texts_of("briefing.words_changes")


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """One sentence that is not what it was.

    Attributes
    ----------
    id : str
        Its name.
    kind : {"changed", "new", "gone"}
        What happened to it.
    before, now : str
        Its words then and now; empty when there were or are none.
    """

    id: str
    kind: Kind
    before: str
    now: str


def changed_sentences(
    briefing: Briefing, before: Mapping[str, str], lang: Language
) -> tuple[SentenceChange, ...]:
    """Return the sentences that changed, in the order of the document, those gone at the end.

    Parameters
    ----------
    briefing : Briefing
        The later one.
    before : mapping of str to str
        Name of a sentence to its words in the earlier one: :func:`sentences_of` or
        :func:`saved_sentences`.
    lang : {"zh", "en"}
        Language of both.

    Raises
    ------
    DataInvalidError
        The later briefing is blocked.
    """
    now = sentences_of(briefing, lang)
    found = [
        SentenceChange(id, "changed" if id in before else "new", before.get(id, ""), words)
        for id, words in now.items()
        if before.get(id) != words
    ]
    gone = (SentenceChange(id, "gone", words, "") for id, words in before.items() if id not in now)
    return (*found, *gone)


def sentences_of(briefing: Briefing, lang: Language) -> dict[str, str]:
    """Return the sentences of a briefing by name.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    """
    return {sentence.id: sentence.text for sentence in briefing.document(lang).sentences}


def saved_sentences(path: Path, lang: Language) -> dict[str, str]:
    """Return the sentences of a briefing that was saved as ``.json``.

    Raises
    ------
    DataMissingError
        There is no such file.
    DataInvalidError
        It holds no briefing, or one in another language.
    """
    missing = Text("没有要比较的简报", "there is no briefing to compare with")
    try:
        saved = json.loads(bytes_of(path, missing, where=path.name).decode())
        sentences, language = dict(saved["sentences"]), saved["lang"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataInvalidError(
            Text("这个文件不是保存的简报", "this file is no saved briefing"),
            where=path.name,
            todo=Text("用 --out 保存为 .json", "save one as .json with --out"),
        ) from None
    if language != lang:
        raise DataInvalidError(
            Text("要比较的简报是另一种语言", "the saved briefing is in the other language"),
            where=path.name,
            got=language,
            allowed=lang,
        )
    return {str(id): str(words) for id, words in sentences.items()}


def changes_text(changes: tuple[SentenceChange, ...], lang: Language) -> str:
    """Return the changes as text to paste."""
    if not changes:
        return Text("与上次相比没有变化。", "Nothing changed since then.").in_language(lang) + "\n"
    colon = "：" if lang == "zh" else ": "
    then, now = Text("当时", "then"), Text("现在", "now")
    lines = []
    for one in changes:
        lines.append(f"[{one.id}] {KINDS[one.kind].in_language(lang)}")
        lines += [
            f"  {label.in_language(lang)}{colon}{words}"
            for label, words in ((then, one.before), (now, one.now))
            if words
        ]
    return "\n".join(lines) + "\n"
