"""What a project ledger says: how it changed, what is wrong in it, and how it meets statistics."""

from faiwatch.core.rooms import make_callable

make_callable(__name__)
