"""What a reader sees: charts, tables, blocks of HTML, sheets of a workbook."""
