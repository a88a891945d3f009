"""The tokenizer's part in the failures: the experiment, X-ray summaries, comparison of tokenizers."""
