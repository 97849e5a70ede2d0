# Everything runs in .venv, made on first use from Python >= 3.11 and the package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
READY_DEV := $(VENV)/ready-dev

.PHONY: run test lint bench stress clean

run: $(READY)  ## the sample articles to tables and a report in out/
	@$(BIN)/sukien extract corpus/articles --output out; code=$$?; \
		if [ $$code -gt 1 ]; then exit $$code; fi
	@$(BIN)/python -c "import sukien; \
		events = sukien.read_tables('out').events; \
		wanted = ['type', 'trigger', 'agent', 'patient', 'place', 'time', 'sentence']; \
		print('\nThe first events of out/events.csv:'); \
		print(events[wanted].head(10).astype('string').fillna('').to_string(index=False, max_colwidth=32))"
	@$(BIN)/sukien report out

test: lint  ## everything CI runs
	$(BIN)/python -m pytest -m "not stress"

lint: $(READY_DEV)  ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(READY_DEV)  ## speed, against underthesea where it does the same
	@for bench in tests/benchmarks/bench_*.py; do \
		echo "== $$bench"; OMP_NUM_THREADS=1 $(BIN)/python $$bench || exit 1; \
	done

stress: $(READY_DEV)  ## long property and scale tests
	$(BIN)/python -m pytest -m stress

clean:  ## remove what was made; the package and its models stay
	rm -rf $(VENV) out dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Installed again only when the dependencies change.
$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[html,report]'
	@touch $@

$(READY_DEV): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
