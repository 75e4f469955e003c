"""``faiwatch alerts``: tell people what a site has to tell that was not told before."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faiwatch.cli.options import AddressOption, JsonOption, SiteOption, option, print_json
from faiwatch.core.phrases import say

if TYPE_CHECKING:
    from faiwatch.run.alerts import Alert

ALERT_RAISED = 20

RulesOption = Annotated[Path | None, option(say("cli.alerts.rules"))]
DryRunOption = Annotated[bool, option(say("cli.alerts.dry_run"), "--dry-run")]
ExitOption = Annotated[bool, option(say("cli.alerts.exit"), "--exit-on-alert")]


def alerts(
    site: SiteOption = Path("site"),
    rules: RulesOption = None,
    address: AddressOption = "",
    dry_run: DryRunOption = False,
    exit_on_alert: ExitOption = False,
    as_json: JsonOption = False,
) -> int:
    """List what is new, send it to its audiences, and remember that it was told."""
    from faiwatch.run.alert_rules import alert_rules
    from faiwatch.run.alerts import alerts_of, read_state, seen_in, write_state
    from faiwatch.run.notify import tell
    from faiwatch.site.site import existing

    chosen = alert_rules(rules)
    seen, state = seen_in(existing(site)), read_state(site)
    found: list[Alert] = []
    for name, audience in chosen.audiences.items():
        own = [rule for rule in chosen.rule if rule.audience == name]
        raised, state = alerts_of(own, seen, state)
        found += raised
        if not dry_run:
            if raised:
                tell(raised, name, audience, address=address)
            write_state(site, state)  # at once: who was told is not told again if the next fails
    if as_json:
        print_json([dataclasses.asdict(alert) for alert in found])
    else:
        for alert in found:
            typer.echo(f"{alert.audience}  {alert.title}\n  {alert.body}")
        typer.echo(say("cli.alerts.found", found=len(found)))
    return ALERT_RAISED if found and exit_on_alert else 0
