"""The edge: the one place that builds and connects things."""
