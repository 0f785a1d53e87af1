"""The command line `lvyue`: what operators do from a shell. Nothing heavy is imported before it is needed."""


def main() -> None:
    """The entry point of the program."""
    from web.cli.program import app

    app()
