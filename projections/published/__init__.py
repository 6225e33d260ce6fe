"""Reports that were published, as they are kept: found, served again, proved to others. Nothing is recorded here."""
