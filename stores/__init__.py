"""Where things are kept: the log, the vault, the evidence. Knows nothing of what a contract is."""
