"""`tcplint completion`: completion of verbs, options and rule names for a shell."""

import click

EPILOG = """\b
Examples:
  tcplint completion bash > ~/.local/share/bash-completion/completions/tcplint
  tcplint completion zsh > "${fpath[1]}/_tcplint"
  tcplint completion fish > ~/.config/fish/completions/tcplint.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> int:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    from tcplint.cli.main import cli

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(cli, {}, "tcplint", "_TCPLINT_COMPLETE").source())
    return 0
