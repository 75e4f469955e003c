#!/bin/sh
# Double-click: the whole round step by step, without code
cd "$(dirname "$0")" || exit 1
exec '{python}' -m faiwatch lab
