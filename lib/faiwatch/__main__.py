"""``python -m faiwatch``."""

from faiwatch.cli.app import main

if __name__ == "__main__":
    main()
