"""The e-mail edition: messages, and the server they are handed to."""
