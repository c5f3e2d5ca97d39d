"""Settlement: when merchants' money becomes theirs, statements, withdrawals, deposits, and the nightly audit."""
