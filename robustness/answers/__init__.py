"""How answers are got and kept: asking, batches, the store, the shared cache, engines."""
