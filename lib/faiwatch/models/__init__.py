"""Beside the rooms: a path that code outside faiwatch may rely on."""
