"""Files that the user names, read and written with care: bounded, never half, never through a stranger's link."""
