"""Where a model's batches are computed; on this machine, or on a Ray cluster."""
