"""Policy: law as data, adopted by events, and what it says on a day."""
