"""The measurements: running the load, counting what it cost, and writing down what came out."""
