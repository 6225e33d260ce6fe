"""The report as HTML: a page to read in a browser, and the page that becomes the PDF."""
