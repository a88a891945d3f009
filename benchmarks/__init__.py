"""Scripts that measure, run by hand; each says in its first lines how."""
