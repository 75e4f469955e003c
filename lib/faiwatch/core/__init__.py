"""What every room may use and that knows nothing of investment: words, errors, files, cache."""

__version__ = "1.0.0"
