"""The annual target: what the rest of the year would have to bring, and how likely that is."""
