"""Models with a known defect, to see what a finding looks like."""
