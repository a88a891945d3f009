"""Loading a model runs no code of its folder, not even on a terminal where transformers would ask."""

from __future__ import annotations

import ast
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import robustness

ROOT = Path(robustness.__file__).parent


def test_every_call_that_loads_says_that_code_is_not_trusted() -> None:
    loose = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "from_pretrained"
                and "Peft" not in ast.unparse(node.func)
            ):
                said = {word.arg: ast.unparse(word.value) for word in node.keywords}
                if said.get("trust_remote_code") != "False":
                    loose.append(f"{path.name}:{node.lineno}")
    assert loose == []


def test_code_of_a_model_folder_is_never_run(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text(
        json.dumps({"model_type": "evil", "auto_map": {"AutoConfig": "evil.Config"}})
    )
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'PWNED')!r}, 'w').close()\n")
    controller, terminal = pty.openpty()
    os.write(controller, b"y\ny\ny\n")  # whoever asks gets a yes
    done = subprocess.run(
        [sys.executable, "-m", "robustness", "audit", "--model", str(folder), "--out", "out"],
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=120,
        check=False,
        text=True,
    )
    os.close(terminal)
    os.close(controller)
    assert done.returncode == 2
    assert not (tmp_path / "PWNED").exists()
    assert "Traceback" not in done.stderr
