"""``faiwatch vintages``: what a store holds."""

from __future__ import annotations

import datetime

import typer

from faiwatch.cli.options import JsonOption, StoreOption, print_json, store_address


def vintages(data: StoreOption = "vintages", as_json: JsonOption = False) -> None:
    """Show every manifest in the order of issue."""
    address = store_address(data)

    from faiwatch.data.store_files import DataRoot

    found = DataRoot(address).vintages()
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    for one in found:
        months = f"{one.first_period}..{one.last_period}"
        fetched = f"{datetime.datetime.fromisoformat(one.fetched):%Y-%m-%d %H:%M} UTC"
        typer.echo(f"{one.id}  {one.source}  {one.rows}  {months}  {fetched}  {one.original}")
