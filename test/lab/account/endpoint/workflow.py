"""Step Functions: a function that is handed a task token.

TimeoutSecondsPath is ignored (a click is awaited for 99,999 s), and a function that fails instead of keeping the
token leaves its state waiting for the time-out.
"""

import threading

from ministack.services import stepfunctions


def install():
    plain = stepfunctions._invoke_with_callback

    def with_callback(resource, data, token, state):
        if not resource.endswith(":lambda:invoke.waitForTaskToken"):
            return plain(resource, data, token, state)
        return _ask(data, token, _timeout_seconds(state, data))

    stepfunctions._invoke_with_callback = with_callback


def _timeout_seconds(state, data):
    path = state.get("TimeoutSecondsPath")
    if path is None:
        return state.get("TimeoutSeconds", 99_999)
    for key in path.removeprefix("$.").split("."):
        data = data[key]
    return int(data)


def _ask(data, token, timeout_seconds):
    decided = threading.Event()
    waiting = {"event": decided, "result": None, "error": None, "heartbeat": None}
    stepfunctions._task_tokens[token] = waiting
    try:
        function = stepfunctions._resolve_lambda_function_ref(data["FunctionName"], optimized=True)
        stepfunctions._call_lambda(function, data["Payload"])
        if not decided.wait(timeout=timeout_seconds):
            raise stepfunctions._ExecutionError("States.Timeout", "nobody answered in time")
    finally:
        stepfunctions._task_tokens.pop(token, None)
    if waiting["error"]:
        raise stepfunctions._ExecutionError(waiting["error"].get("Error", ""), waiting["error"].get("Cause", ""))
    return stepfunctions.json.loads(waiting["result"] or "null")
