"""The verbs of the command line, one module each; ``register`` adds it to the application."""
