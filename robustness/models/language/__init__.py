"""Language models that run in this process: choosing an option by likelihood, writing an answer."""
