"""The stories by name; a file of stories registers each by the decorator."""

from collections.abc import Callable

from tools.lab.stacks.bout import Bout

Story = Callable[[Bout], None]
STORIES: dict[str, Story] = {}


def story(play: Story) -> Story:
    """Its name is that of the function."""
    STORIES[play.__name__.replace("_", "-")] = play
    return play
