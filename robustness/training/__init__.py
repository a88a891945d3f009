"""Fine-tuning a model by gradient descent. Nothing is re-exported, so that torch is imported only when it is asked for."""
