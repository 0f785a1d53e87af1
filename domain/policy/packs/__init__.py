"""The policy packs that are shipped: law and defaults as data, one TOML file for each instrument and version."""
