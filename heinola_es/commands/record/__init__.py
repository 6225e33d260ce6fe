"""`heinola record`: one command per kind of fact, one module per family."""
