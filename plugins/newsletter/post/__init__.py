"""The post: address windows, addresses as each country writes them, and who gets a letter."""
