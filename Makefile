# The commands of the course. Those that run Python first see to it that .venv is what uv.lock says; `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
run := .venv/bin/python -m

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1 | \2/p' Makefile | awk -F'|' '{printf "%-17s%s\n", $$1, $$2}'

serve: environment  ## build the book and serve it on this machine (PORT=8000)
	@$(run) website.make.serve --port $(PORT)

lab: environment  ## open the chapters in JupyterLab
	@$(run) website.make.lab $(ARGS)

test: environment  ## everything: strict build, unit tests, every notebook, the browser (ARGS="-k momentum")
	@$(run) website.make.build
	@$(run) pytest tests gdcourse chapters --doctest-modules --nbval --nbval-current-env --nbval-cell-timeout 60 --nbval-kernel-startup-timeout 180 -n $(JOBS) --dist loadscope $(ARGS)

check: environment  ## a minute: style, types, and the tests that need no built book and no browser
	@$(run) ruff check --quiet . && $(run) ruff format --check --quiet . || { echo "run  ruff check --fix  and  ruff format"; exit 1; }
	@$(run) mypy
	@# nbval is for notebooks, which are left out here: each worker need not load it
	@$(run) pytest tests gdcourse --quick --doctest-modules -p no:nbval -q -n $(JOBS) --dist load $(ARGS)

grade: environment  ## grade a folder of notebooks (SUBMISSIONS=folder ARGS="--out results")
	@$(run) gdcourse.grading "$(SUBMISSIONS)" $(ARGS)

book: environment  ## build the book into _build/html; a warning is an error
	@$(run) website.make.build

notebooks: environment  ## execute the chapters and write them in the form in which they are committed
	@$(run) website.make.notebooks

bench: environment  ## measure what is fast, against peers, in one run
	@for file in benchmarks/*.py; do echo "== $$file"; .venv/bin/python $$file || exit 1; done

demos:  ## bundle the front ends, of demos, quiz, cards and editor, after a change in frontend/ (needs Node)
	@cd frontend && npm ci --silent --no-audit --no-fund && npm run --silent build

clean:  ## remove what the other commands made, except the environment
	@rm -rf _build .cache

environment:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name yours:  make PYTHON=/path/to/python"; exit 1; }
	@# -I: it must run on any Python, whatever lies beside it or is installed there
	@$(PYTHON) -I website/environment.py

.PHONY: help serve lab test check grade book notebooks bench demos clean environment
.NOTPARALLEL:
