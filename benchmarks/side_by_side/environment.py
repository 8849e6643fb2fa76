"""The peers' own virtual environment: this project's never holds them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "peers-requirements.txt"

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONWARNINGS": "ignore",
}
"""What keeps every system, ours too, from asking a network for anything or telling anyone anything."""


def peers_python(folder: Path) -> Path:
    """The Python of the environment in that folder, made or made anew where the requirements have changed."""
    python, stamp = folder / "bin" / "python", folder / "made-from"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"Making the peers' environment in {folder} (some 2 GB; a few minutes)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq"]
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def environment() -> dict[str, str]:
    """This process's environment with the network left alone, and without settings of another knowledge base."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    return {**kept, **OFFLINE}
