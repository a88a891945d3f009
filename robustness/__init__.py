"""Robustness tests for language models that answer questions about prescription drugs.

This package changes a drug's name the way people really misspell it, asks the model again and says
whether the answer held. It does not judge whether an answer is good medicine: it is a test tool and
no medical device.

The rooms, in the order in which the data goes through them, are drawn in ARCHITECTURE.md.
"""

__version__ = "0.1.0"
