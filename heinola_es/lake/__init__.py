"""The lake: logs of many cities as Parquet files, added to, verified and read back; no figures are computed here."""
