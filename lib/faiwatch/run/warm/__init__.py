"""Warm kernels: each is forked from a process that has imported the scientific stack already.

`provisioner` is what Jupyter calls, `client` finds or starts the server, `server` forks, `child`
turns a fork into a kernel that is like a fresh one, `wire` is what they say to each other.
Decision: ``docs/adr/0011-warm-kernels.md``.
"""
