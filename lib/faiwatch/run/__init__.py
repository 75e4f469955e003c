"""Running notebooks unattended: kernels, limits, our own verdict, and the record of each run."""

from faiwatch.core.rooms import make_callable

make_callable(__name__)
