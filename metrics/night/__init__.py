"""The night, a room to each of its parts: when it is due, planned, computed, finished, and looked after.

The truth is in Postgres: the marks say what is to be done, and runs and batches how far it has come.
Whoever dies on the way leaves marks and open batches behind, and whoever comes next goes on from
there. A batch is one REPEATABLE READ transaction: what it gathers and the marks it deletes are of
the same moment, so a mark that is gone was read, and one that came later stays. Of two that compute
one client at once, the database lets one commit, and the other begins again.

The same functions serve the command in the foreground, the workers, and what follows an edit.
"""
