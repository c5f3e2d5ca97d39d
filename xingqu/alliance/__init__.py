"""The creator alliance (精选联盟): plans, links, and what creators earn with orders."""
