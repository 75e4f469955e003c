"""Pure arithmetic on the tidy tables: no files, no clock, no network, inputs never changed."""
