"""The books: accounts, and transfers between two of them that are only ever added."""
