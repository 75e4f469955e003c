# make pages：生成页面；make lab：一步步做；make check：检查环境；make status：运行情况
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
