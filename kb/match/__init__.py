"""From a page or some words to hits: signals, a calibrated probability, and the evidence behind it."""
