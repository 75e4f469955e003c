"""Publication: one executed notebook becomes one page, and pages become a site.

A page stands alone on an intranet without internet: no outside address, no code evaluated, and
everything it says readable with scripts off.
"""
