"""The judged ledger as files: workbook, template, what everybody may see."""
