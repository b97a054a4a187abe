"""What somebody staged in git beside the acts, as it is staged: a commit by hand would keep it for ever."""

from __future__ import annotations

from schoolpub.store.git.ledger import Ledger

_LARGEST = 64 * 1024 * 1024


class Staging(Ledger):
    """The ledger of a folder in which somebody uses git by hand."""

    def staged(self) -> list[str]:
        """Return the paths that somebody has staged beside the acts."""
        base = self.head() or self._git("hash-object", "-t", "tree", "--stdin", stdin=b"")[1].decode().strip()
        names = self._git("diff-index", "--cached", "--name-only", "--no-renames", "-z", base, "--")[1]
        return [name.decode("utf-8", "replace") for name in names.split(b"\0") if name]

    def staged_data(self, path: str) -> bytes:
        """Return what is staged as *path*; nothing when it is to be deleted, or larger than anybody reads."""
        size = self._ask("cat-file", "-s", f":{path}")
        if not size.isdigit() or int(size) > _LARGEST:
            return b""
        return self._git("cat-file", "blob", f":{path}")[1]
