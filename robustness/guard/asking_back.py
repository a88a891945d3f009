"""The reply of the proxy that asks which drug is meant, in the form in which the endpoint would have answered."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.responses import Response

    from robustness.guard.proxied_body import Guarded


def asked_back(found: Guarded, headers: dict[str, str]) -> Response:
    """A completion, its stream, or a response that asks the question of the guard.

    Args:
        found: The request; its question is not empty.
        headers: Headers of the reply.
    """
    from starlette.responses import JSONResponse, StreamingResponse

    if "messages" not in found.body and "prompt" not in found.body:
        return JSONResponse(_response(found), headers=headers)
    is_chat = "messages" in found.body
    if found.body.get("stream"):
        events = [
            _completion(found, is_chat=is_chat, part=True, finish=None),
            _completion(found, is_chat=is_chat, part=True, finish="stop"),
        ]
        lines = [f"data: {json.dumps(event)}\n\n" for event in events] + ["data: [DONE]\n\n"]
        return StreamingResponse(iter(lines), media_type="text/event-stream", headers=headers)
    return JSONResponse(
        _completion(found, is_chat=is_chat, part=False, finish="stop"), headers=headers
    )


def _completion(found: Guarded, *, is_chat: bool, part: bool, finish: str | None) -> dict[str, Any]:
    text = "" if part and finish else found.question
    choice: dict[str, Any] = {"index": 0, "finish_reason": finish, "logprobs": None}
    if is_chat:
        message = {"role": "assistant", "content": text} if text or not part else {}
        choice["delta" if part else "message"] = message
    else:
        choice["text"] = text
    kind = "chat.completion" if is_chat else "text_completion"
    answer = {
        "id": f"guard-{uuid.uuid4().hex}",
        "object": f"{kind}.chunk" if part and is_chat else kind,
        "created": int(time.time()),
        "model": str(found.body.get("model", "guard")),
        "choices": [choice],
    }
    if not part:
        answer["usage"] = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return answer


def _response(found: Guarded) -> dict[str, Any]:
    content = [{"type": "output_text", "text": found.question, "annotations": []}]
    message = {"type": "message", "role": "assistant", "status": "completed", "content": content}
    return {
        "id": f"guard-{uuid.uuid4().hex}",
        "object": "response",
        "created_at": int(time.time()),
        "status": "completed",
        "model": str(found.body.get("model", "guard")),
        "output": [message | {"id": f"guard-{uuid.uuid4().hex}"}],
    }
