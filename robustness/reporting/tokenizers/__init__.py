"""The page that puts tokenizers side by side."""
