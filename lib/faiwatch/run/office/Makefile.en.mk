# make pages: the pages; make lab: step by step; make check: what is lacking; make status: what ran
FAIWATCH ?= faiwatch

.PHONY: pages lab check status
pages:
	$(FAIWATCH) batch
lab:
	$(FAIWATCH) lab
check:
	$(FAIWATCH) doctor
status:
	$(FAIWATCH) status
