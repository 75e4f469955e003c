"""The verbs of the command line, one file each; ``register`` adds them to the application."""
