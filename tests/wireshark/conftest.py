"""The plugin as it would be built now, so that these tests do not depend on the committed file."""

from pathlib import Path

import pytest

from tools.build_lua import made


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plugin") / "tcplint.lua"
    path.write_text({made_path.name: text for made_path, text in made()}["tcplint.lua"], encoding="utf-8")
    return path
