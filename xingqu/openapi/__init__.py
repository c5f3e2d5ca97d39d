"""The open API: programs of a shop (an ERP) do what its members can, by tokens, with webhooks and a log of changes."""
