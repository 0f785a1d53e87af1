"""Importers: an outside document, read into neutral records; nothing here writes into the domain."""
