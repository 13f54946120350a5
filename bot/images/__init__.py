"""From hostile bytes to a verdict: whether this picture was kept before, and how the two differ."""

import os

# numpy's BLAS would start a thread for each core and let them spin between the small products of a look-up: measured,
# it took twice the processor time for the same wall time. The worker processes are what keeps the cores busy. This is
# read when numpy is first imported, which comes after it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
