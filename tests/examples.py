"""How many examples a law is tried on where each takes a tenth of a second and more."""

from hypothesis import settings

# of the profile that is loaded, so that "thorough" looks further here too
FEW = settings(max_examples=settings.default.max_examples // 3)
