"""Flags, runs and findings: pure functions from measures to what may be said about them."""
