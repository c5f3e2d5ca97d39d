"""Settings, addresses, the table of subscriptions, and the processes that run the house."""
