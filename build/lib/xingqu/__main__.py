"""`python -m xingqu COMMAND` is the `xingqu` command."""

from xingqu.config.command import main

main()
