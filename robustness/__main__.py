"""Run the command line: ``python -m robustness`` is the same as ``robustness``."""

from robustness.cli import main

if __name__ == "__main__":
    main()
