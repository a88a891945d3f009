"""Parts of the published schema of ``audit.json``."""
