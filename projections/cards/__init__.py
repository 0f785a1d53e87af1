"""Details folded on demand from their own streams: exact at any moment, and nothing to keep in step."""
