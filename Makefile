# Two commands do everything on a fresh machine: `make audit` and `make test`.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: audit test test-browser sample clean

audit: $(READY)  ## audit the embedded reader; writes reports/reader/
	$(VENV)/bin/robustness audit

test: $(READY)  ## lint, types, doctests and tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest -n 2

test-browser: $(READY)  ## open reports in a real Chromium (Debian: apt-get install chromium)
	PIP_CONSTRAINT=constraints.txt $(VENV)/bin/pip install --quiet --disable-pip-version-check -e '.[browser,test]'
	$(VENV)/bin/pytest -m browser tests/reporting/browser

sample: $(READY)  ## write reports/sample/ again
	$(VENV)/bin/robustness audit --out reports/sample --fresh
	rm -f reports/sample/audit.sqlite*
	if command -v chromium; then $(VENV)/bin/pip install --quiet -c constraints.txt -e '.[browser]' && $(VENV)/bin/python docs/picture.py; fi

clean:  ## remove what make made
	rm -rf $(VENV)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=constraints.txt $(VENV)/bin/pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $(READY)
