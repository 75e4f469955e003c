"""Sheets of a workbook that are made alike for everything."""
