"""The report people read: one document, written as a page, a PDF, a Word document, a workbook or Markdown."""
