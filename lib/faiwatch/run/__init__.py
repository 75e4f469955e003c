"""Running notebooks unattended: kernels, limits, our own verdict, and the record of each run."""
