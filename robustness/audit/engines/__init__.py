"""Where a model's batches are computed; so far on this machine, one after another."""
