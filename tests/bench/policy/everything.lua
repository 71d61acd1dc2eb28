-- Rejects all there is: what is timed is the rejecting.

reject "everything" (always)
