# The words of this house; `make` alone prints them. Two are enough: `make demo` and `make test`.
VENV ?= .venv
PY := $(VENV)/bin/python
# A version manager compiles Python without optimizations as a rule, and everything takes half as long again; then the
# system's own is taken, if it is new enough. PYTHON=... says otherwise.
QUICK = import sys, sysconfig; sys.exit("--enable-optimizations" not in sysconfig.get_config_var("CONFIG_ARGS"))
FITS = import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell if python3 -c '$(QUICK)' 2>/dev/null || ! /usr/bin/python3 -c '$(FITS)' 2>/dev/null; \
  then echo python3; else echo /usr/bin/python3; fi)
PORT ?= 8000
HOST ?= 127.0.0.1
YEAR ?=
OUT ?= var/book
.DEFAULT_GOAL := help
.PHONY: help demo test check bench book reset lock

help: ## print these words
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null || grep -hE '^[a-z]+:.*##' Makefile

demo: $(VENV)/.base .env ## set up, migrate, seed the demonstration city, serve it (PORT=8000 HOST=127.0.0.1)
	@$(PY) -m portal.serve --host $(HOST) --port $(PORT)

# Two workers and the processes they start read the same modules: what one compiled, the others need not.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.dev ## set up and run every test that this machine can run
	@mkdir -p var
	@echo "测试：SQLite / tests on SQLite"
	@SECRET_KEY=$(TEST_KEY) $(PY) -m pytest -q -n 2 --create-db $(ARGS)
	@if [ -n "$$TEST_DATABASE_URL" ]; then echo "测试：PostgreSQL 与 Redis / tests on PostgreSQL and Redis"; \
	  SECRET_KEY=$(TEST_KEY) DATABASE_URL="$$TEST_DATABASE_URL" REDIS_URL="$$TEST_REDIS_URL" $(PY) -m pytest -q -n 2 --create-db $(ARGS); \
	else echo "未设置 TEST_DATABASE_URL，PostgreSQL 上的测试没有运行 / set TEST_DATABASE_URL to run them on PostgreSQL too"; fi

check: $(VENV)/.dev ## lint, types, contracts, migrations
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .
	@SECRET_KEY=$(TEST_KEY) $(VENV)/bin/mypy portal stations sessions scoring
	@SECRET_KEY=$(TEST_KEY) $(VENV)/bin/lint-imports
	@SECRET_KEY=$(TEST_KEY) $(PY) -X dev -W error manage.py check
	@SECRET_KEY=$(TEST_KEY) $(PY) manage.py makemigrations --check --dry-run

bench: $(VENV)/.dev ## measure both sides of every aim in one run
	@$(PY) -m bench

book: $(VENV)/.base .env ## write the book of a year: make book YEAR=2025 OUT=var/book
	@$(PY) manage.py book $(YEAR) --out $(OUT)

reset: ## throw the demonstration city away (asks first)
	@$(PY) manage.py demo --reset

lock: ## compile the hash-locked requirements from pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 pyproject.toml --extra scaled -o requirements.txt -q
	uv pip compile --universal --generate-hashes --python-version 3.11 pyproject.toml --extra scaled --group dev -c requirements.txt -o requirements-dev.txt -q

SHELL := /bin/bash
TEST_KEY := checks-only-not-a-secret-0123456789-0123456789-0123456789

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "没有找到 $(PYTHON)，请先安装 Python 3.11 或更新的版本。/ Please install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新的版本。/ Python 3.11 or newer is needed."; exit 1; }
	@echo "正在建立运行环境…… / creating the environment"
	@$(PYTHON) -m venv $(VENV) >/dev/null || { echo "Python 缺少 venv 模块；在 Debian 上请安装 python3-venv。/ Python lacks venv; on Debian install python3-venv."; rm -rf $(VENV); exit 1; }

$(VENV)/.base: requirements.txt | $(VENV)/bin/python
	@echo "正在安装程序库（首次约一分钟）…… / installing libraries"
	@$(PY) -m pip install --disable-pip-version-check -q --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "正在安装程序库与测试工具…… / installing libraries and test tools"
	@$(PY) -m pip install --disable-pip-version-check -q --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.base

.env: | $(VENV)/.base
	@$(PY) -c "import secrets; print('SECRET_KEY=' + secrets.token_urlsafe(48))" > $@
