"""Files brought in: read, staged as rows, checked by the worker, applied whole or not at all."""
