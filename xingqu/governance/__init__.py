"""Governance: what the platform forbids a publishing account, for what, until when; appeals. Others ask, or hear facts."""
