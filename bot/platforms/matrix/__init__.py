"""Matrix, on matrix-nio."""
