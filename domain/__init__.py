"""What may happen: chapters of rules and events. Knows no SQL, no HTTP, no template."""
