"""What is added to ids so that a client can show them."""
