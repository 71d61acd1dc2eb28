-- Rejects strangers, names of a list, and what is a week old; as conditions.

reject "stranger" (~sender (list "senders.txt"))
reject "name" (name (list "globs.txt"))
reject "a week old" (older "7d")
