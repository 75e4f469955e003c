"""The questions of a workbook as a form, for who can click; its table stands below at once."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import ipywidgets as widgets  # type: ignore[import-untyped]

from faiwatch.core.errors import FaiwatchError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.ingest.dialogue import Asked, Choice, said_by
from faiwatch.page.shown import STYLE
from faiwatch.view.charts import theme

if TYPE_CHECKING:
    from faiwatch.page.workbook import Workbook

_MOST = 12  # questions in the form; those that hold up most
_WIDE = widgets.Layout(width="auto")


class Field:
    """One question: what was seen, answers to choose from, and room for one's own words.

    Parameters
    ----------
    asked : Asked
        The question.
    form : Form
        Says words in its language.
    """

    def __init__(self, asked: Asked, form: Form) -> None:
        self.asked = asked
        first = asked.first
        later = form.say(Text("（以后再答）", "(not yet)"))
        options: list[tuple[str, Choice | None]] = [(later, None)]
        for choice in asked.choices:
            mark = Text("建议：", "proposed: ") if choice == asked.proposed else Text("", "")
            options.append((form.say(mark) + form.say(choice.words), choice))
        self.choice = widgets.Dropdown(options=options, layout=_WIDE)
        hint = say("page.workbook_form.own_words", hint=asked.hint)
        self.own = widgets.Combobox(
            placeholder=form.say(hint),
            options=list(dict.fromkeys(map(form.say, asked.suggestions))),
            layout=_WIDE,
        )
        place = html.escape(f"{first.sheet}!{first.cell}")
        question = html.escape(form.say(first.text) + form.say(asked.count))
        seen = html.escape(form.say(asked.seen))
        said = widgets.HTML(
            f'<div style="line-height:1.45"><b>{question}</b><br>'
            f'<span style="color:{theme.MUTED}">{place}　{seen}</span></div>',
            layout=_WIDE,
        )
        controls = [self.choice] if asked.choices else []
        controls += [self.own] if asked.is_free else []
        if not first.flag:
            mend = Text("只能在文件里改", "only the file itself can be mended")
            controls = [widgets.Label(form.say(mend))]
        self.box = widgets.GridBox(
            [said, widgets.VBox(controls, layout=_WIDE)],
            layout=widgets.Layout(
                grid_template_columns="repeat(auto-fit, minmax(300px, 1fr))",
                grid_gap="2px 18px",
                border_top=f"1px solid {theme.GRID}",
                padding="6px 0",
            ),
        )

    def answer(self) -> Choice | None:
        """Return what was chosen or filled in; None for not yet."""
        if words := self.own.value.strip():
            return self.asked.example.filled(words)
        chosen: Choice | None = self.choice.value
        return chosen

    def propose(self) -> None:
        """Choose what is proposed, for the user to look at."""
        if self.asked.proposed is not None:
            self.choice.value = self.asked.proposed


class Form:
    """The questions of a workbook as a form.

    Parameters
    ----------
    book : Workbook
        Is read again with what is answered.
    """

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.fields: list[Field] = []
        self.again = self._button(Text("按回答重新读取", "Read again"), "primary")
        self.propose = self._button(Text("填入全部建议", "Fill in the proposals"))
        self.save = self._button(Text("保存回答，下次沿用", "Keep the answers"))
        self.said = widgets.HTML(layout=_WIDE)
        self.shown = widgets.HTML(layout=widgets.Layout(width="100%", overflow="auto"))
        self._rows = widgets.VBox(layout=_WIDE)
        self.again.on_click(self._read_again)
        self.propose.on_click(self._propose)
        self.save.on_click(self._save)
        buttons = widgets.HBox(
            [self.again, self.propose, self.save], layout=widgets.Layout(flex_flow="row wrap")
        )
        self.box = widgets.VBox(
            [self._rows, buttons, self.said, self.shown],
            layout=widgets.Layout(
                border=f"1px solid {theme.GRID}", padding="10px 14px", max_width="1100px"
            ),
        )
        self.box.add_class("fw-questions")
        self.follow()

    def follow(self) -> None:
        """Show what is open now, and what was read."""
        asked = self._book.asked
        self.fields = [Field(one, self) for one in asked[:_MOST]]
        rows = [field.box for field in self.fields]
        if more := len(asked) - len(self.fields):
            words = say("page.workbook_form.questions_follow", more=more)
            rows.append(widgets.Label(self.say(words)))
        self._rows.children = rows
        self.shown.value = STYLE.html + self._book.as_html(is_form=True)
        self.propose.layout.display = (
            None if any(field.asked.proposed for field in self.fields) else "none"
        )
        self.again.layout.display = None if asked else "none"

    def say(self, words: Text) -> str:
        """Return words in the language of the workbook's reader."""
        return words.in_language(self._book.lang)

    def _button(self, words: Text, style: str = "") -> widgets.Button:
        return widgets.Button(
            description=self.say(words),
            button_style=style,
            layout=widgets.Layout(width="auto", margin="6px 8px 2px 0"),
        )

    def _propose(self, _: object) -> None:
        for field in self.fields:
            field.propose()

    def _read_again(self, _: object) -> None:
        self.again.disabled = True  # until what it leads to stands there: its place moves
        try:
            self._take_answers()
        finally:
            self.again.disabled = False

    def _take_answers(self) -> None:
        answers = [one for field in self.fields if (one := field.answer()) is not None]
        if not answers:
            self._tell(Text("还没有回答", "nothing is answered yet"), is_wrong=True)
            return
        try:
            now = said_by(answers)
            self._book.take(now, without_history=any(one.ignores_history for one in answers))
        except FaiwatchError as error:
            self._tell(Text(error.message("zh"), error.message("en")), is_wrong=True)
            return
        self.follow()
        left = len(self._book.asked)
        still = "1 question is" if left == 1 else f"{left} questions are"
        self._tell(
            say("page.workbook_form.still_open", left=left, still=still)
            if left
            else say("page.workbook_form.rows_read", rows=self._book.rows)
        )

    def _save(self, _: object) -> None:
        try:
            path = self._book.save()
        except (FaiwatchError, OSError) as error:
            self._tell(Text(str(error), str(error)), is_wrong=True)
            return
        self._tell(say("page.workbook_form.kept", path=path.name))

    def _tell(self, words: Text, *, is_wrong: bool = False) -> None:
        colour = theme.NEGATIVE if is_wrong else theme.POSITIVE
        told = html.escape(self.say(words))
        self.said.value = f'<div role="status" style="color:{colour};line-height:1.5">{told}</div>'
