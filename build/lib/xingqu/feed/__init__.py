"""The feed, the mall page and search: recipes over what the other rooms know."""
