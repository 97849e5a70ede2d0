# Everything runs in .venv, made on first use from Python >= 3.11 and the package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
READY_DEV := $(VENV)/ready-dev

.PHONY: run test lint bench stress train clean

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

train: $(READY_DEV)  ## all models from the data folder DATA into trained/; hours on one core
	@test -d "$(DATA)/ner" || { echo "make train DATA=FOLDER: the folder holds ner/, events/, news/" >&2; exit 2; }
	$(BIN)/sukien train names --output trained/names --news "$(DATA)/news" \
		--train "$(DATA)/ner/vlsp2018_train.jsonl.xz" --train "$(DATA)/ner/vlsp2016_train.conll.xz" \
		--dev "$(DATA)/ner/vlsp2018_dev.jsonl.xz" --dev "$(DATA)/gold_dev/news_dev.jsonl"
	$(BIN)/sukien train triggers --output trained/triggers --news "$(DATA)/news" \
		--train "$(DATA)/events/bkee_train.jsonl.xz" --dev "$(DATA)/events/bkee_dev.jsonl.xz"
	$(BIN)/sukien train arguments --output trained/arguments --news "$(DATA)/news" \
		--train "$(DATA)/events/bkee_train.jsonl.xz" --dev "$(DATA)/events/bkee_dev.jsonl.xz"

clean:  ## remove what was made; the package and its models stay
	rm -rf $(VENV) out trained dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Installed again only when the dependencies change.
$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[html,report]'
	@touch $@

$(READY_DEV): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
