raise ImportError("never imported")
