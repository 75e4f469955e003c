"""The JavaScript that makes charts interactive, taken from the package that draws the pictures.

Nothing is ever fetched. The library's own default version of vega-lite is used, since it is the
one that belongs to the vega it carries; chart specifications are valid for it too.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

import vl_convert

_EXPORT = "window.vegaEmbed=vegaEmbed;"


def bundle_version() -> str:
    """Return what decides the content of the script: the package's version and what we export."""
    return f"{version('vl-convert-python')} {_EXPORT}"


@cache
def javascript_bundle() -> str:
    """Return vega-embed, vega-lite and vega as one script that sets ``window.vegaEmbed``.

    To put it together takes more than a second, so it is kept.
    """
    import numpy as np

    from faiwatch.core.cache import Arrays, kept_arrays

    def made() -> Arrays:
        bundle = vl_convert.javascript_bundle(_EXPORT).replace("</script", "<\\/script")
        return {"script": np.frombuffer(bundle.encode(), dtype=np.uint8)}

    parts = {"what": "javascript_bundle", "version": bundle_version()}
    return kept_arrays(parts, made)["script"].tobytes().decode()
