"""Properties of the whole codebase. Each checker is also shown a planted fault, so that its silence means something."""
