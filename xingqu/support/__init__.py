"""Customer service messages: conversations between a buyer and a shop, and how fast a person answers."""
