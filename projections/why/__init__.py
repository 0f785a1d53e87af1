"""Why: a question about one field of what is shown, asked again of fewer events until the least that answers it is left."""
