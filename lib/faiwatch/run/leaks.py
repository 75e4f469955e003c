"""Secrets that a notebook showed: blanked wherever the run left them, and said by name."""

from __future__ import annotations

from pathlib import Path

from faiwatch.errors import PublicationBlockedError
from faiwatch.sources.secrets import hidden, known_secrets, leaked
from faiwatch.text import Text


def withhold_secrets(folder: Path) -> list[str]:
    """Blank the values of secret variables in every file of a run.

    Parameters
    ----------
    folder : Path
        Executed notebook, results and log of one run, not yet shown to anybody.

    Returns
    -------
    list of str
        Names of the variables whose values stood there, sorted.
    """
    secrets = known_secrets()
    found: set[str] = set()
    for path in folder.rglob("*"):
        if secrets and path.is_file():
            content = path.read_bytes()
            names = leaked(content, secrets)
            if names:
                path.write_bytes(hidden(content, [secrets[name] for name in names]))
                found.update(names)
    return sorted(found)


def shows_no_secret(words: str) -> str:
    """Return words of a run with the values of secret variables blanked."""
    return hidden(words.encode(), known_secrets().values()).decode()


def leak_error(names: list[str]) -> PublicationBlockedError:
    """Return the error for a run that showed the values of these variables."""
    return PublicationBlockedError(
        Text(
            "输出中出现密钥，已抹去，不予发布",
            "the output held secrets; they were blanked and nothing is published",
        ),
        where=", ".join(names),
        todo=Text(
            "更换该密钥，并从笔记本中去掉显示它的语句",
            "change the secret, and take out of the notebook what showed it",
        ),
    )
