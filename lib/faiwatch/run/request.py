"""What somebody asks the runner for, checked before anything heavy is imported."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from faiwatch.core.errors import ParameterError, refused
from faiwatch.core.files import size_of_file
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.page.parameters import PageParameters, check_parameters


def given_values(pairs: Sequence[str], file: Path | None = None) -> dict[str, str]:
    """Return ``name=value`` words as a mapping, values as text.

    Parameters
    ----------
    pairs : sequence of str
        They win over the file.
    file : Path, optional
        JSON, an object of names and values, as the analyst's bench saves it.

    Raises
    ------
    ParameterError
        A word without ``=``, the same name twice, or a file that is no such object.

    Examples
    --------
    >>> given_values(["region=610000", "as_of=2026-08"])
    {'region': '610000', 'as_of': '2026-08'}
    """
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(
                Text("参数要写成 名称=值", "write parameters as name=value"),
                got=pair,
                allowed="region=610000",
            )
        if name in values:
            raise ParameterError(
                say("run.request.given_twice", name=name),
                where=name,
                got=value,
                todo=Text("只留一个", "give it once"),
            )
        values[name] = value
    if file is None:
        return values
    allowed = Text(
        'JSON，如 {"region": "610000", "months": 48}',
        'JSON such as {"region": "610000", "months": 48}',
    )
    try:
        size_of_file(file)
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        todo = say("run.request.reading_failed", error=error)
        raise refused("parameters", file.name, allowed, todo) from None
    if not isinstance(read, dict) or not all(
        isinstance(value, str | int | float) for value in read.values()
    ):
        raise refused("parameters", file.name, allowed)
    in_file = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in read.items()
    }
    return in_file | values


def check_request(notebook: str, values: Mapping[str, Any]) -> PageParameters:
    """Return the checked parameters of a run; ``results`` belongs to the runner.

    Raises
    ------
    ParameterError
        See :func:`faiwatch.page.parameters.check_parameters`; also when `values` holds ``results``.
    """
    if "results" in values:
        raise refused(
            "results",
            values["results"],
            Text("不可指定：由运行程序设定", "set by the runner"),
            say("run.request.where_results_are"),
        )
    return check_parameters(notebook, values)
