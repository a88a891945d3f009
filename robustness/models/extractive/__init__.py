"""Extractive readers: the span head, long contexts, segmentations that are fed as ids."""
