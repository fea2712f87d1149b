# Fairlead: what one can do here; `make` alone tells
# SPDX-License-Identifier: Apache-2.0

# Each target is a script of its own, which can be called alone too; a target is there when its script is.
scripted := $(foreach name,bench laws conformance fuzz docs stress,$(if $(wildcard scripts/$(name).sh),$(name)))

.PHONY: help
help:
	@echo 'make run             build and start the reference proxy with demo backends (ARGS="--for 5s": ends by itself)'
	@echo 'make test            all tests (STEPS="arrows swift": only these)'
	@$(foreach name,$(scripted),printf 'make %-15s %s\n' $(name) "$$(sed -n 's/^# Fairlead: //p' scripts/$(name).sh | head -n 1)";)
	@echo 'make format          format the Swift sources'
	@echo 'make clean           remove what was built'

.PHONY: run
run:
	@scripts/install-system-packages.sh build
	swift build -c release --product fairlead
	@"$$(swift build -c release --show-bin-path)/fairlead" serve --demo $(ARGS)

.PHONY: test
test:
	@scripts/test.sh $(STEPS)

.PHONY: $(scripted)
$(scripted):
	@scripts/install-system-packages.sh $(if $(filter conformance,$@),conformance,test)
	@scripts/$@.sh $(ARGS)

.PHONY: format
format:
	find Package.swift Sources Tests Benchmarks Examples -name '*.swift' -not -path '*/Generated/*' \
		-not -path '*/.build*' -print0 | xargs -0 swift format --in-place

.PHONY: clean
clean:
	rm -rf .build .build-* dist Benchmarks/.build Tests/Fuzz/.build
	find . -name __pycache__ -prune -exec rm -rf {} +
