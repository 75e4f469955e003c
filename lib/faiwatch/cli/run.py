"""``faiwatch run``: one notebook, and its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from faiwatch.cli.options import (
    CellTimeoutOption,
    DeadlineOption,
    JsonOption,
    KernelAnswersOption,
    LangOption,
    NotebookArgument,
    ParameterOption,
    ParametersFileOption,
    SiteOption,
    option,
    print_json,
    say_answers,
)
from faiwatch.core.phrases import say
from faiwatch.core.text import LANGUAGES, user_language
from faiwatch.data.parameter_types import NONE
from faiwatch.run.request import check_request, given_values
from faiwatch.run.workspace import parameters_for

if TYPE_CHECKING:
    from faiwatch.site.run_record import RunRecord

BundleOption = Annotated[Literal["site", "page"], option(say("cli.run.bundle"))]


def run(  # noqa: PLR0913  options, not arguments
    notebook: NotebookArgument,
    parameter: ParameterOption = None,
    parameters: ParametersFileOption = None,
    site: SiteOption = Path("site"),
    deadline: DeadlineOption = 1800,
    cell_timeout: CellTimeoutOption = 600,
    bundle: BundleOption = "site",
    answers: KernelAnswersOption = None,  # noqa: ARG001  its callback has done it
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Run one notebook in both languages, or in the one that ``--lang`` or ``-p lang=`` names."""
    values = parameters_for(notebook) | given_values(parameter or [], parameters)
    if lang is not None:
        values = {"lang": lang} | values
    check_request(notebook, values)
    if values.get("ledger", NONE) != NONE:
        say_answers(str(values["ledger"]))

    from faiwatch.run.jobs import Job, RunOptions
    from faiwatch.run.progress import progress_on
    from faiwatch.run.report import report as build
    from faiwatch.run.watch import Limits

    if "lang" in values:  # this process makes the page, and reads and writes files alone
        from faiwatch.core.fast_import import without

        with without("boto3", "pyarrow"):
            import faiwatch.run.single  # noqa: F401
    languages = [values["lang"]] if "lang" in values else LANGUAGES
    plan = [Job(notebook, values | {"lang": language}) for language in languages]
    options = RunOptions(site, Limits(deadline, cell_timeout), bundle, workers=len(plan))
    with progress_on(Console(stderr=True), user_language()) as progress:
        records = build(plan, options, progress)
    return finish(records, site, as_json=as_json)


def finish(records: list[RunRecord], site: Path, *, as_json: bool) -> int:
    """Say on the last line how it ended, or print the records; return the exit code."""
    from faiwatch.run.progress import last_line
    from faiwatch.run.report import RunsMade, worst_exit_code

    if as_json:
        print_json(RunsMade(site=str(site), runs=records).model_dump(mode="json"))
    else:
        typer.echo(last_line(records, site, user_language()))
    return worst_exit_code(records)
