"""The models that are combined, one module each."""
