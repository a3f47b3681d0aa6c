NAME = "the script's own json"
