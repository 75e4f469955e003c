"""A document of one's own to write the briefing into: letterhead, styles, signature block.

The words in ``{{ }}`` of the letterhead are filled by docxtpl in a sandbox; the briefing goes where
the paragraph ``{{ body }}`` stands.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import (
    TOKEN_BLOCK_BEGIN,
    TOKEN_LPAREN,
    TOKEN_PIPE,
    TOKEN_TILDE,
    Token,
    TokenStream,
)

from faiwatch.briefing.template import Sandbox
from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.core.files import size_of_file
from faiwatch.core.phrases import say
from faiwatch.core.text import Text

MAX_BYTES, MAX_UNPACKED_BYTES = 20 << 20, 200 << 20
BODY = "body"
_DOES, _BLOCKS = {TOKEN_LPAREN, TOKEN_PIPE, TOKEN_TILDE}, {"if", "elif", "else", "endif"}
_HERE = "\ue000body\ue000"  # private characters: no letterhead has them by itself


def open_letterhead(path: Path, words: Mapping[str, str]) -> tuple[Document, Paragraph]:
    """Return a filled letterhead, and the paragraph before which the briefing goes.

    Parameters
    ----------
    path : Path
        A ``.docx`` of the user's.
    words : mapping of str to str
        What it may name in ``{{ }}``, beside ``body``.

    Raises
    ------
    DataMissingError
        It cannot be read.
    ParameterError
        It is no Word document, fetches something from outside, has no paragraph ``{{ body }}``, or
        is broken: the message names place and cause.
    """
    template = _opened(path)
    try:
        template.render({**words, BODY: _HERE}, _sandbox())
    except Exception as error:  # whatever a user's letterhead does, it is the letterhead's fault
        raise ParameterError(
            Text("信头文件的占位符有误", "a placeholder of the letterhead is broken"),
            where=path.name,
            got=f"{_culprit(path, words)} ({error})",
            allowed=", ".join(f"{{{{ {name} }}}}" for name in (*words, BODY)),
        ) from None
    written = io.BytesIO()  # read anew: docxtpl puts parts in it that python-docx overlooks
    template.docx.save(written)
    document = docx.Document(written)
    for paragraph in document.paragraphs:
        if paragraph.text.strip() == _HERE:
            return document, paragraph
    raise ParameterError(
        Text("信头文件里没有放正文的位置", "the letterhead has no place for the briefing"),
        where=path.name,
        todo=say("briefing.letterhead.place_for_body"),
    )


def _opened(path: Path) -> DocxTemplate:
    try:
        content = path.read_bytes() if size_of_file(path) <= MAX_BYTES else b""
    except OSError as error:
        raise DataMissingError(
            Text("读不到信头文件", "the letterhead cannot be read"),
            where=path.name,
            got=error.strerror,
        ) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise zipfile.BadZipFile(f"{unpacked >> 20} MB > {MAX_UNPACKED_BYTES >> 20} MB")
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
    except (zipfile.BadZipFile, PackageNotFoundError, ValueError, KeyError) as error:
        raise ParameterError(
            Text("信头文件不是可用的 Word 文档", "the letterhead is no Word document"),
            where=path.name,
            got=str(error),
            todo=Text("在 Word 或 WPS 中另存为 .docx", "save it as .docx in Word or WPS"),
        ) from None
    # a reader's Word would fetch pictures, templates and objects from where they are
    for part in template.docx.part.package.iter_parts():
        for relation in part.rels.values():
            if relation.is_external and relation.reltype != RELATIONSHIP_TYPE.HYPERLINK:
                raise ParameterError(
                    Text("信头文件引用了外部文件", "the letterhead fetches something from outside"),
                    where=path.name,
                    got=relation.target_ref,
                    todo=Text("把图片嵌入文档，去掉链接", "embed the picture instead of linking"),
                )
    return template


def _culprit(path: Path, words: Mapping[str, str]) -> str:
    """Return the first paragraph that cannot be filled, as its author sees it in Word."""
    document: Document = _opened(path).docx
    for text in _texts(document):
        # a condition may span paragraphs: then only the whole can be judged
        if "{{" in text and "{%" not in text:
            try:
                _sandbox().from_string(text).render({**words, BODY: ""})
            except Exception:  # of any kind: this is where it comes from
                return text
    return next((text for text in _texts(document) if "{%" in text), "")


def _texts(document: Document) -> Iterator[str]:
    for section in document.sections:
        for edge in (section.header, section.footer):
            yield from (paragraph.text for paragraph in edge.paragraphs)
    for paragraph in document.element.body.iter(qn("w:p")):
        yield Paragraph(paragraph, document).text


class _PlainOnly(Extension):
    """Words and conditions alone: a method, a filter or a loop can ask for any memory or time."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Pass on the parts of a template; refuse all that calls, joins or repeats."""
        opens = False
        for token in stream:
            if token.type in _DOES or (opens and token.value not in _BLOCKS):
                raise TemplateSyntaxError(f"{token.value} is not allowed", token.lineno)
            opens = token.type == TOKEN_BLOCK_BEGIN
            yield token


def _sandbox() -> Sandbox:
    return Sandbox(undefined=StrictUndefined, autoescape=True, extensions=[_PlainOnly])
