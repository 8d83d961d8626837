# Every target first installs its requirements (.ci/setup), once.
# Variables are passed on unchanged: make publish PORTAL_SITEURL=https://club.example ARGS="--date 2026-12-24"

bin := .venv/bin
checks := tests/js/checks
scripts := theme/static/js plugins/members_portal/publish/live_reload

.DEFAULT_GOAL := help
export PYTHONDONTWRITEBYTECODE := # packages are installed without bytecode: imports write it
.NOTPARALLEL:
.PHONY: help html clean serve devserver publish preview code test test-long lint bench lock moved

help: ## show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\n  %s\n' 'ARGS="…" adds options, e.g. make publish ARGS="--date 2026-12-24", make test ARGS="-k seal"'

publish: .venv/.ready-publish ## make a sealed release of content/ and members/ in output/
	@$(bin)/portal publish $(ARGS)

preview: .venv/.ready-publish ## publish a preview and serve it on 127.0.0.1; publish again at every change
	@$(bin)/portal preview $(ARGS)

devserver: preview ## the same as preview (Pelican's name for it)

serve: .venv/.ready-publish ## serve output/ as a static host does
	@$(bin)/portal serve $(ARGS)

code: .venv/.ready-publish ## print a member's access code: make code ID=M-1001
	@test -n "$$ID" || { echo 'Whose code? make code ID=M-1001' >&2; exit 2; }
	@$(bin)/portal code "$$ID" $(ARGS)

html: .venv/.ready-publish ## render all editions in plaintext to .build/site/ with Pelican (private: never deploy it)
	@$(bin)/pelican "$${PORTAL_CONTENT:-content}" -s pelicanconf.py --fatal errors $(ARGS)

clean: ## remove .build/ and output/ (not the site secret in .portal/)
	rm -rf .build output

test: .venv/.ready-test ## run the tests
	@$(bin)/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 10 $(ARGS)

test-long: .venv/.ready-long ## run the long tests, some in WebKit and Firefox
	@$(bin)/pytest -m "long or hypothesis" --hypothesis-profile thorough $(ARGS)

lint: .venv/.ready-test $(checks)/node_modules/.ready ## check style and types
	@$(bin)/mypy & types=$$!; \
	( $(bin)/ruff check && $(bin)/ruff format --check --quiet && \
	  $(checks)/node_modules/.bin/eslint --config $(checks)/eslint.config.mjs --max-warnings 0 $(scripts) && \
	  for project in worker sign-in members preview preview-worker; do \
	    $(checks)/node_modules/.bin/tsc --project $(checks)/$$project.json || exit; \
	  done ); \
	others=$$?; wait $$types && exit $$others

bench: .venv/.ready-test ## print the benchmarks
	@$(bin)/python -m tests.bench $(ARGS)

lock: ## update requirements.lock and tests/requirements.lock from pyproject.toml
	@.ci/lock

.venv/.ready-publish: pyproject.toml requirements.lock .ci/setup
	@.ci/setup publish

.venv/.ready-test: pyproject.toml requirements.lock tests/requirements.lock .ci/setup
	@.ci/setup test

.venv/.ready-long: pyproject.toml requirements.lock tests/requirements.lock .ci/setup
	@.ci/setup long

$(checks)/node_modules/.ready: $(checks)/package-lock.json .ci/setup
	@.ci/setup scripts

# A virtual environment that was moved, or that lacks its Python, is set up again.
ifneq ($(shell test -x $(bin)/python && cat .venv/.home 2>/dev/null),$(CURDIR))
.venv/.ready-publish .venv/.ready-test .venv/.ready-long: moved
endif
