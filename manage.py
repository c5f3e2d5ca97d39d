"""Entry for Django's management commands in a checkout; an installed copy has `xingqu` instead."""

from xingqu.config.command import main

if __name__ == "__main__":
    main()
