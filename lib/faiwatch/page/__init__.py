"""What a notebook opens: its parameters, its figures, and what it shows."""
