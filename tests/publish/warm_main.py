"""The main module of the warm process.

Every process that a command spawns for PDFs imports it again: at its top it imports nothing, which saves seconds.
"""

if __name__ == "__main__":
    from tests.publish.warm import serve

    serve()
