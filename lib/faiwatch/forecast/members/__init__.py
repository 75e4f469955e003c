"""The models that are pooled, one module each."""
