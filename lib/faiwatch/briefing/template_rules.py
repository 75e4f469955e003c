"""What a template of a briefing may do: print slots and words, and ask. Nothing else.

A figure that is printed names its slot, and its words are the slot's. So whatever could alter them
on their way to the paper (a call, a filter, an operator, a variable) is refused before the
template is filled, with the line on which it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jinja2 import nodes

from faiwatch.briefing.document import MARK_END, MARK_START, MARK_TEXT, ORDINAL, figures_in
from faiwatch.core.finding import Finding
from faiwatch.core.phrases import say
from faiwatch.core.text import OPEN, Language, Text, clean

FORMS = ("coverage", "phrase", "band", "window", "title", "times", "told", "names", "who")
_MARKS = (MARK_START, MARK_TEXT, MARK_END, ORDINAL)
_ASKS = (nodes.And, nodes.Or, nodes.Not, nodes.Test, nodes.Compare, nodes.Operand, nodes.Name)
_SIGNS: Mapping[type[nodes.Node], str] = {
    nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/", nodes.FloorDiv: "//",
    nodes.Mod: "%", nodes.Pow: "**", nodes.Neg: "-", nodes.Pos: "+",
}  # fmt: skip
_CALLED: Mapping[type[nodes.Node], str] = {
    nodes.Assign: "set", nodes.AssignBlock: "set", nodes.For: "for", nodes.Macro: "macro",
    nodes.FilterBlock: "filter", nodes.CallBlock: "call", nodes.With: "with",
}  # fmt: skip


class Refused(Exception):
    """A template does what none may; `lineno` counts from 1, 0 = not known."""

    def __init__(self, cause: Text, lineno: int = 0) -> None:
        super().__init__(cause.en)
        self.cause, self.lineno = cause, lineno


def refuse_what_alters(tree: nodes.Template, words: Collection[str]) -> None:
    """Raise `Refused` for the first thing in a template that could alter a figure.

    Parameters
    ----------
    tree : Template
        As parsed.
    words : collection of str
        Names that are words and no slots: they have no forms.
    """
    for node in tree.body:
        _statement(node, words)


def refuse_altered(rendered: str, findings: Mapping[str, Finding], lang: Language) -> None:
    """Raise `Refused` unless every figure of a filled template has the words of its finding."""
    for id, words in figures_in(rendered):
        if id not in findings or words not in said_by(findings[id], lang):
            raise Refused(say("briefing.template_rules.says", words=words, id=id))


def one_line(text: Text, lang: Language) -> str:
    """Return a text as a figure prints it: one line, without what could pass for a mark."""
    return " ".join(clean(text.in_language(lang)).split())


def said_by(finding: Finding, lang: Language) -> set[str]:
    """Return every way in which a finding may be printed."""
    return {one_line(text, lang) for text in (finding.text, OPEN, *finding.forms.values())}


def refuse_marks(text: str) -> None:
    """Raise `Refused` where a template holds a character that marks figures."""
    for number, line in enumerate(text.splitlines(), start=1):
        _refuse_mark(line, number)


def _refuse_mark(words: str, lineno: int) -> None:
    found = next((mark for mark in _MARKS if mark in words), "")
    if found:
        cause = say("briefing.template_rules.character_not_allowed", code=f"U+{ord(found):04X}")
        raise Refused(cause, lineno)


def _statement(node: nodes.Node, words: Collection[str]) -> None:
    if isinstance(node, nodes.Output):
        for one in node.nodes:
            _printed(one, words)
    elif isinstance(node, nodes.If):
        _asked(node.test)
        for part in (*node.body, *node.elif_, *node.else_):
            _statement(part, words)
    elif not isinstance(node, nodes.Include):  # another file is never found: the loader has one
        name = _CALLED.get(type(node), type(node).__name__)
        raise Refused(say("briefing.template_rules.allowed", name=name), node.lineno)


def _printed(node: nodes.Node, words: Collection[str]) -> None:
    """Refuse what is neither a slot, nor one of its forms, nor words."""
    if isinstance(node, nodes.TemplateData | nodes.Name):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        _refuse_mark(node.value, node.lineno)
    elif isinstance(node, nodes.CondExpr):
        _asked(node.test)
        for one in filter(None, (node.expr1, node.expr2)):
            _printed(one, words)
    elif isinstance(node, nodes.Getattr | nodes.Getitem) and isinstance(node.node, nodes.Name):
        name = node.node.name
        form = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
        if name in words:
            cause = say("briefing.template_rules.words_have_no_forms", name=name)
        elif form == "value":
            cause = say("briefing.template_rules.bare_number", name=name)
        elif form not in FORMS:
            cause = say(
                "briefing.template_rules.no_form",
                forms=Text("、".join(FORMS), ", ".join(FORMS)),
                name=name,
                form=form,
            )
        else:
            return
        raise Refused(cause, node.lineno)
    else:
        _refuse(node)


def _asked(node: nodes.Node) -> None:
    """Refuse what is no question about slots and words."""
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return
    if isinstance(node, nodes.Const):
        return
    if not isinstance(node, _ASKS):
        _refuse(node)
    for one in node.iter_child_nodes():
        _asked(one)


def _refuse(node: nodes.Node) -> None:
    """Refuse an expression, and say what it is."""
    if isinstance(node, nodes.Filter):
        cause = say("briefing.template_rules.no_filter", node=node.name)
    elif isinstance(node, nodes.Call):
        cause = Text("不允许调用方法：会改动数字", "a call is not allowed: it would alter a figure")
    elif isinstance(node, nodes.Concat):
        cause = Text("不允许用 ~ 拼接：会改动数字", "~ is not allowed: it would alter a figure")
    elif type(node) in _SIGNS:
        cause = say("briefing.template_rules.arithmetic_allowed", sign=_SIGNS[type(node)])
    elif isinstance(node, nodes.Const):
        cause = say("briefing.template_rules.bare_number_not_printed", node=node.value)
    else:
        told = "is" if isinstance(node, nodes.Test | nodes.Compare) else type(node).__name__
        told = _path(node) or told
        cause = say("briefing.template_rules.not_a_slot", told=told)
    raise Refused(cause, node.lineno)


def _path(node: nodes.Node) -> str:
    """Return names with dots between, as far as a template wrote them so."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return f"{_path(node.node)}[…]" if isinstance(node, nodes.Getitem) else ""
