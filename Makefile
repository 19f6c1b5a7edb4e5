# Three targets: setup, run, test. Everything else is a command of main.py.

PYTHON := .venv/bin/python
READY := .venv/ready
SAMPLE := assets/samples/boulevard.labelbrush
CANDIDATES := python3 python3.12 python3.13 python3.14 python \
	$(wildcard $(HOME)/.pyenv/versions/3.1[2-9]*/bin/python)
SUITABLE := import sys, ensurepip; print("%d.%d" % sys.version_info[:2]); \
	sys.exit(sys.version_info < (3, 12))

.PHONY: setup run test

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@found=; seen=; for candidate in $(PYTHON) $(CANDIDATES); do \
		version=$$("$$candidate" -c '$(SUITABLE)' 2>/dev/null) && { found=$$candidate; break; }; \
		[ -z "$$version" ] || seen="$$seen$${seen:+,} $$candidate is $$version"; \
	done; \
	if [ -z "$$found" ]; then echo "make setup: Python 3.12 or newer (with venv) is needed;" \
		"found:$${seen:- none}" >&2; exit 1; fi; \
	[ "$$found" = $(PYTHON) ] || "$$found" -m venv --clear .venv
	@echo "Installing into .venv; the first time on a machine downloads about 3 GB."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	@.venv/bin/uv pip install --python $(PYTHON) --compile-bytecode -c constraints.txt \
		-r pyproject.toml --extra streets --extra fast --extra evaluate --group dev
	@touch $@

run: setup
	@$(PYTHON) main.py check --window; case $$? in \
		0) exec $(PYTHON) main.py edit ;; \
		3) echo "Drawing the sample into out/ instead of opening the editor." >&2; \
		   exec $(PYTHON) main.py replay $(SAMPLE) -o out/street.png ;; \
		*) exit 1 ;; esac

test: export QT_QPA_PLATFORM = offscreen
test: export OMP_NUM_THREADS = 1
test: setup
	@$(PYTHON) main.py check --offscreen
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m basedpyright
	$(PYTHON) -m pytest -n 2
