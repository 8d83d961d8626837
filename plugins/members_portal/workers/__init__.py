"""Batches of work on several cores or machines: letters, the slots of members, the sealing of records.

executor.py      batches in processes of this machine
cluster.py       batches on a Dask cluster
spread.py        an executor that is opened when there is enough work
crew.py          the workers of a publish: of this machine, and of a cluster if any
worker_error.py  the errors of this package
"""
