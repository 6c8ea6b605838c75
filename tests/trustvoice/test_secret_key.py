import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.trustvoice.env_file import KEY, settings
from trustvoice.database.secret_key import secret_key
from trustvoice.settings.loading import SettingsError

pytestmark = pytest.mark.usefixtures("nothing_set_and_a_folder_to_itself")


def test_sqlite_makes_its_own_secret_key_once_for_its_owner_only_and_unless_one_is_given() -> None:
    assert secret_key(settings(SECRET_KEY=KEY)) == KEY
    assert not Path("data").exists()
    given = settings()
    key = secret_key(given)
    assert len(key) >= 32
    assert secret_key(given) == key
    assert stat.S_IMODE(Path("data/secret.key").stat().st_mode) == 0o600
    assert os.listdir("data") == ["secret.key"]


def test_makers_of_a_secret_key_at_the_same_moment_agree() -> None:
    given = settings()
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(secret_key, [given] * 32))) == 1


def test_a_secret_key_that_others_can_read_or_that_lost_its_content_is_refused_rather_than_replaced() -> None:
    given = settings()
    secret_key(given)
    Path("data/secret.key").chmod(0o640)
    with pytest.raises(SettingsError, match=r"can be read by others\. Run: chmod 600 data/secret\.key$"):
        secret_key(given)
    Path("data/secret.key").chmod(0o600)
    Path("data/secret.key").write_text("")
    with pytest.raises(SettingsError, match="cut short"):
        secret_key(given)
