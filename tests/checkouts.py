"""Folders under version control, for tests of what a record says of its code."""

import subprocess


def git(root, *words):
    """Run git in a folder and return what it says."""
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    done = subprocess.run(
        ["git", "-C", str(root), *who, *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
