"""Hostile input to every command: nothing may crash, hang, take a minute, or touch a file that is not its own.

    python benchmarks/hostile.py [CASES] [SEED]

Each case runs in a forked process of its own, in a folder with canary files. A case is an offender when it ends with
exit code 3 or by a signal, prints a traceback, takes more than a minute, says nothing where it fails, or a canary has
changed. Offenders are printed with the line that repeats them; the last line counts them by family.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from robustness.audit import make_plan, run_audit
from robustness.cli import main as command_line
from robustness.drugs import load_drugs
from robustness.models import load_model
from robustness.results.audit_json import save_results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT = 60
"""Seconds that a case may take."""
MEMORY = 8_000_000_000
"""Bytes of address space that a case may take."""
CANARIES = {"diary.txt": "mine\n", "keep/notes.txt": "mine too\n"}
TEXTS = (
    *(
        "",
        " ",
        "\n",
        "\u00b2",
        "1" * 5000,
        "-1",
        "1e400",
        "NaN",
        "null",
        "[]",
        "{}",
        "[" * 5000,
        "\udcff",
        "\u202e",
    ),
    *(
        "a" * 5000,
        "../../etc/passwd",
        "/dev/zero",
        "/dev/null",
        "keep",
        "diary.txt",
        "nowhere",
        "'",
        '"',
        "%00",
        "$(x)",
    ),
    *(
        "=cmd|' /C calc'!A0",
        "::error::x",
        "\x1b[31m",
        "http://[::1",
        "openai:http://127.0.0.1:1/v1#m",
        "planted:x",
    ),
    *(
        "openai:http://127.0.0.1:99999999/v1#m",
        "openai:",
        "python:",
        "python:os",
        "gguf:",
        "guard:guard:x",
        "a" * 300,
    ),
)
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        7.5,
        1e308,
        "",
        "x",
        "\u00b2",
        "1" * 4000,
        "\x00",
        "\udcff",
        [],
        {},
        [[]],
        [None],
        {"x": 1},
    ),
    *(float("nan"), float("inf"), "=1+1", "<script>", "a" * 10_000),
)
OPTIONS = {
    "audit": ("model", "data", "task", "adapter", "drugs", "budget", "channels", "seed", "fail-under", "inconclusive",
              "repeats", "precision", "cache", "engine", "workers", "out"),
    "search": ("model", "data", "task", "drugs", "budget", "seed", "out"),
    "misspell": ("top", "channel"),
    "tokenizers": ("out", "drugs"),
    "replay": ("audit", "model", "data", "adapter"),
    "train": ("base", "noise", "steps", "batch-size", "out"),
    "report": ("format", "baseline"),
}  # fmt: skip
QUESTION = {
    "question": "What is metformin for?",
    "answer": "type 2 diabetes",
    "options": ["gout", "type 2 diabetes"],
}
Case = tuple[str, list[str], dict[str, bytes]]


def cases(rng: Random, saved: dict[str, bytes]) -> Iterator[Case]:
    """Endless cases: family, command line, files."""
    families: list[Callable[[Random, dict[str, bytes]], Case]] = [
        _option, _option, _data, _data, _saved, _saved, _pairs, _config, _tokenizer, _model, _store, _guard,
    ]  # fmt: skip
    while True:
        for family in families:
            yield family(rng, saved)


def _option(rng: Random, _: dict[str, bytes]) -> Case:
    command = rng.choice(list(OPTIONS))
    words = [command]
    if command in {"misspell", "tokenizers", "replay", "report"}:
        words.append(rng.choice(TEXTS) or "x")
    for name in rng.sample(OPTIONS[command], k=rng.randint(1, 2)):
        words += [f"--{name}", rng.choice(TEXTS)]
    if command in {"audit", "search"} and "--model" not in words:
        words += ["--model", "planted:robust"]
    if command == "audit" and "--budget" not in words:
        words += ["--budget", "5"]
    return f"options of {command}", [_sayable(word) for word in words], {}


def _data(rng: Random, _: dict[str, bytes]) -> Case:
    rows = [dict(QUESTION) for _ in range(3)]
    for _ in range(rng.randint(1, 3)):
        key = rng.choice([*QUESTION, "cop", "answer_idx", "context", "category", "opa", "id"])
        rng.choice(rows)[key] = rng.choice(VALUES)
    kind = rng.choice(["jsonl", "json", "csv", "squad", "bytes"])
    if kind == "jsonl":
        content = "\n".join(json.dumps(row) for row in rows)
    elif kind == "json":
        content = json.dumps(rows)
    elif kind == "squad":
        content = json.dumps(
            {"data": [{"paragraphs": [{"context": "x", "qas": rows}]}, rng.choice(VALUES)]}
        )
    elif kind == "csv":
        content = (
            "question,answer\n"
            + rng.choice(TEXTS).replace("\udcff", "")
            + ",x\nWhat is metformin for?,x\n"
        )
    else:
        content = "".join(map(chr, rng.choices(range(256), k=200)))
    more = ["--skip-bad-rows"] if rng.random() < 0.5 else []
    words = ["audit", "--model", "planted:robust", "--budget", "5", "--data", "data.x", *more]
    return f"data, {kind}", words, {"data.x": content.encode("utf-8", "surrogatepass")}


def _mutated(value: Any, rng: Random) -> Any:
    """A JSON value with one place changed."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        return {
            k: _mutated(v, rng) if k == key else v
            for k, v in value.items()
            if k != key or rng.random() < 0.8
        }
    if isinstance(value, list) and value and rng.random() < 0.85:
        place = rng.randrange(len(value))
        return [_mutated(v, rng) if i == place else v for i, v in enumerate(value)]
    return rng.choice(VALUES)


def _saved(rng: Random, saved: dict[str, bytes]) -> Case:
    text = saved["audit.json"]
    if rng.random() < 0.9:
        changed = json.dumps(_mutated(json.loads(text), rng)).encode()
    else:
        changed = text[: rng.randrange(len(text))]
    case = json.loads(text)["failures"][0]["case_id"]
    words = rng.choice(
        [
            ["report", "."],
            ["replay", case, "--audit", "."],
            ["compare", ".", "."],
            ["report", ".", "--baseline", "."],
        ]
    )
    return f"saved audit, {words[0]}", words, saved | {"audit.json": changed}


def _pairs(rng: Random, saved: dict[str, bytes]) -> Case:
    text = bytearray(saved["pairs.csv"])
    for _ in range(rng.randint(1, 20)):
        text[rng.randrange(len(text))] = rng.randrange(256)
    return "pairs.csv", ["compare", ".", "."], saved | {"pairs.csv": bytes(text)}


def _config(rng: Random, _: dict[str, bytes]) -> Case:
    lines = [
        f"{rng.choice(['model', 'budget', 'out', 'data', 'seed', 'drugs', 'gate', 'x'])} = {rng.choice(['3', '[]', 'true', json.dumps('a' + chr(0)), '-1', '[' * 900, '{}', '1e999'])}",
        rng.choice(["", "[gate]\nrules = 3", "[[gate.rules]]\nmetric = 'x'", "[tool]\nx = 1"]),
    ]
    name, head = rng.choice(
        [
            ("robustness.toml", ""),
            ("pyproject.toml", "[tool.robustness]\n"),
            ("pyproject.toml", "tool = 3\n"),
        ]
    )
    return "configuration", ["audit", "--budget", "5"], {name: (head + "\n".join(lines)).encode()}


def _tokenizer(rng: Random, _: dict[str, bytes]) -> Case:
    whole: dict[str, Any] = {
        "version": "1.0", "added_tokens": [], "normalizer": None, "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None, "decoder": None, "truncation": None, "padding": None,
        "model": {"type": "WordLevel", "vocab": {"a": 0, "[UNK]": 1}, "unk_token": "[UNK]"},
    }  # fmt: skip
    changed = _mutated(whole, rng)
    if rng.random() < 0.2:
        changed = whole | {
            "model": {
                "type": "WordLevel",
                "vocab": {"a": 0, "b": rng.choice([2**32 - 6, -1])},
                "unk_token": "a",
            }
        }
    content = json.dumps(changed).encode("utf-8", "surrogatepass")
    name = rng.choice(["tokenizer.json", "x.tiktoken", "tekken.json", "x.model", "x.gguf"])
    if name != "tokenizer.json":
        content = rng.choice(
            [content, b"GGUF" + rng.randbytes(60), rng.randbytes(200), b"YQ== 4000000000\n", b""]
        )
    return f"tokenizer, {name}", ["tokenizers", name, "--drugs", "metformin"], {name: content}


def _model(rng: Random, _: dict[str, bytes]) -> Case:
    config: dict[str, Any] = {
        "model_type": "bert", "architectures": ["BertForQuestionAnswering"], "hidden_size": 8, "num_attention_heads": 2,
        "num_hidden_layers": 1, "intermediate_size": 8, "vocab_size": 30,
    }  # fmt: skip
    key = rng.choice([*config, "auto_map", "no_answer"])
    changed = json.dumps(config | {key: rng.choice(VALUES)}).encode("utf-8", "surrogatepass")
    files = {"m/config.json": changed, "m/model.safetensors": rng.randbytes(50)}
    return "model folder", ["audit", "--model", "m", "--budget", "5"], files


def _store(rng: Random, _: dict[str, bytes]) -> Case:
    folder = rng.choice(["o", "q#x", "q?x", "q%41"])
    content = rng.choice([b"SQLite format 3\x00" + rng.randbytes(200), rng.randbytes(100), b""])
    words = ["audit", "--model", "planted:robust", "--budget", "5", "--out", folder]
    return "store", words, {f"{folder}/audit.sqlite": content}


def _guard(rng: Random, _: dict[str, bytes]) -> Case:
    return "guard", ["guard", _sayable(rng.choice(TEXTS)) or "x"], {}


def _sayable(word: str) -> str:
    return word.replace("\0", "")  # no shell can say it


def run(case: Case) -> str:
    """Run a case; returns what is wrong, or nothing."""
    _, words, files = case
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    for name, content in {**{k: v.encode() for k, v in CANARIES.items()}, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    started, child = time.monotonic(), os.fork()
    if child == 0:
        _in_child(folder, words)
    status = None
    while status is None and time.monotonic() - started < LIMIT:
        done, found = os.waitpid(child, os.WNOHANG)
        status = found if done else None
        time.sleep(0.005)
    if status is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    wrong = _judged(folder, status)
    shutil.rmtree(folder, ignore_errors=True)
    return wrong


def _in_child(folder: Path, words: list[str]) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(folder)
    for name, number in (("stdout", 1), ("stderr", 2)):
        os.dup2(os.open(f".{name}", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["robustness", *words]
    code = 70  # of whatever is no exit of the command line
    try:
        command_line()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _judged(folder: Path, status: int | None) -> str:
    changed = [name for name, text in CANARIES.items() if _content(folder / name) != text]
    if changed:
        return f"{changed[0]} was changed"
    if status is None:
        return "took more than a minute"
    if os.WIFSIGNALED(status):
        return f"ended by signal {os.WTERMSIG(status)}"
    said, out = _content(folder / ".stderr"), _content(folder / ".stdout")
    return _complaint(os.WEXITSTATUS(status), said, out)


def _complaint(code: int, said: str, out: str) -> str:
    last = said.strip().splitlines()[-1][:160] if said.strip() else ""
    if code not in {0, 1, 2, 4, 130}:
        return f"exit code {code}: {last}"
    if "Traceback (most recent" in said + out:
        return f"a traceback: {last}"
    return "exit code 2 without a word" if code == 2 and not last else ""


def _content(path: Path) -> str:
    return path.read_text(errors="replace") if path.is_file() else ""


def main(count: int, seed: int) -> int:
    """Run so many cases and print the offenders; returns their number."""
    os.environ["ROBUSTNESS_CACHE"] = "none"
    os.environ.pop("OPENAI_API_KEY", None)
    with tempfile.TemporaryDirectory() as name:
        plan = make_plan(load_drugs(), seed=0, budget=20)
        save_results(run_audit(plan, load_model("planted:fragile")), Path(name))
        saved = {path.name: path.read_bytes() for path in Path(name).iterdir()}
    tried, offenders = Counter[str](), Counter[str]()
    for case, _ in zip(cases(Random(seed), saved), range(count), strict=False):
        tried[case[0]] += 1
        wrong = run(case)
        if wrong:
            offenders[case[0]] += 1
            print(f"{case[0]}: {wrong}\n    robustness {' '.join(map(ascii, case[1]))[:200]}")  # noqa: T201
    for family in sorted(tried):
        print(f"{family}: {offenders[family]} of {tried[family]}")  # noqa: T201
    print(f"{sum(offenders.values())} offenders of {sum(tried.values())} cases")  # noqa: T201
    return sum(offenders.values())


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(bool(main(*(numbers + [2000, 0][len(numbers) :]))))
