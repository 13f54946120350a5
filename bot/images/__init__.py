"""From hostile bytes to a verdict: whether this picture was kept before, and how the two differ."""

import os

# numpy's BLAS would start a thread for each core and let them spin between the small products of a look-up: measured, it
# took twice the processor time for the same wall time. The worker processes are what keeps the cores busy. It is read
# when numpy is first imported, which is after this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
