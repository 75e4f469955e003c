"""faiwatch watches fixed-asset investment month by month, from the published figure to the page.

Where what lies, and which room may import which: :mod:`faiwatch.core.rooms`.
"""

__version__ = "0.1.0"
