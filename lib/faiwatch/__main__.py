"""``python -m faiwatch``."""

from faiwatch.cli import main

if __name__ == "__main__":
    main()
