"""The press: colours in inks, the PDF/X-4 file of a run, its manifest, what letters weigh, the page that is signed."""
