"""Publication: one executed notebook becomes one page, and pages become a site.

A page stands alone on an intranet without internet: no outside address, no code evaluated, and
everything it says readable with scripts off.
"""

from faiwatch.publish.html import Bundle, render_failure_page, render_page
from faiwatch.publish.index import build_index
from faiwatch.publish.site import last_good_date, publish_page, write_assets

__all__ = [
    "Bundle",
    "build_index",
    "last_good_date",
    "publish_page",
    "render_failure_page",
    "render_page",
    "write_assets",
]
