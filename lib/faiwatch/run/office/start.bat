@echo off
rem Double-click: the whole round step by step, without code
chcp 65001 >nul
cd /d "%~dp0"
"{python}" -m faiwatch lab
if errorlevel 1 pause
