"""The shipped tests: ``pytest --pyargs robustness.suite --robustness-model SPEC`` audits a model.

One test a property and drug. Trials are planned at collection; those of the selected tests are asked in one
go before the first test runs, so tests themselves only judge. A test fails when its property's rate misses
the threshold and its drug has a counterexample.
"""
