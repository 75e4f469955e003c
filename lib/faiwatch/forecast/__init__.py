"""What comes next: forecasts, how sure they are, and how good they were before."""
