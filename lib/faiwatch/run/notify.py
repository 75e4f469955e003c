"""Telling people: alerts sent through Apprise, one message to an audience."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.core.extras import extra
from faiwatch.core.phrases import say
from faiwatch.core.secrets import secret_named
from faiwatch.core.text import Language, Text
from faiwatch.run.alert_rules import Audience
from faiwatch.run.alerts import Alert


def message_of(alerts: Sequence[Alert], lang: Language, *, address: str = "") -> tuple[str, str]:
    r"""Return title and body of the message about some alerts; the title carries the verdict.

    Parameters
    ----------
    alerts : sequence of Alert
        At least one.
    lang : {"zh", "en"}
        Language of the message.
    address : str
        Where the site can be reached, for links; empty = no links.

    Examples
    --------
    >>> alert = Alert(
    ...     "r", "a", "0", "n", Text("全国：转负", "China: turned"), Text("甲", "A."), "p"
    ... )
    >>> message_of([alert], "en", address="http://stats.local/")
    ('China: turned', 'China: turned\nA.\nhttp://stats.local/p')
    """
    first = alerts[0].title.in_language(lang)
    more = len(alerts) - 1
    others = say("run.notify.more", more=more).in_language(lang)
    blocks = []
    for alert in alerts:
        lines = [alert.title.in_language(lang), alert.body.in_language(lang)]
        lines += [f"{address.rstrip('/')}/{alert.page}"] if address else []
        blocks.append("\n".join(lines))
    return first + (others if more else ""), "\n\n".join(blocks)


def tell(alerts: Sequence[Alert], name: str, audience: Audience, *, address: str = "") -> None:
    """Send one message about some alerts to an audience.

    Parameters
    ----------
    alerts : sequence of Alert
        At least one.
    name : str
        Name of the audience, for messages.
    audience : Audience
        Its language and the variable with its addresses.
    address : str
        Where the site can be reached, for links.

    Raises
    ------
    ParameterError
        The variable is not set, holds what is no address, or Apprise is not installed.
    DataMissingError
        An address did not take the message.
    """
    apprise = extra("apprise")
    # its log repeats addresses; what went wrong is in our own message
    logging.getLogger("apprise").addHandler(logging.NullHandler())
    logging.getLogger("apprise").propagate = False
    addresses = secret_named(audience.addresses).split()
    messenger = apprise.Apprise()
    refused = sum(not messenger.add(one) for one in addresses)
    if refused:
        raise ParameterError(
            Text("不是 Apprise 地址", "not an Apprise address"),
            where=audience.addresses,
            got=f"{refused} / {len(addresses)}",
            allowed="mailto://…, json://…",
        )
    title, body = message_of(alerts, audience.lang, address=address)
    if not messenger.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT):
        raise DataMissingError(
            say("run.notify.not_delivered"),
            where=name,
            todo=say("run.notify.check_addresses", addresses=audience.addresses),
        )
