"""What an audit found, without torch: outcomes, rates, slices, severity, comparison, files and their schema."""
