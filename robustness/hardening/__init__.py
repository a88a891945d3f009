"""Engineer around failures: fine-tune a reader by gradient descent.

Re-exports nothing, so that torch is imported only when training is asked for.
"""
