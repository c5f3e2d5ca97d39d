"""The rules of trading, pure: transitions, prices, regions."""
