"""Lambda: the metrics Invocations and Errors of every invocation (of those through the Invoke call only)."""

from ministack.services import lambda_svc


def install():
    plain = lambda_svc._execute_function

    def execute(function, event):
        config = function.get("config") or function
        if lambda_svc._function_config_scope_mismatch(config):
            # Comes back here in the scope of the function.
            return plain(function, event)
        result = plain(function, event)
        failed = isinstance(result, dict) and bool(result.get("error"))
        lambda_svc._emit_lambda_metrics(config.get("FunctionName", ""), duration_ms=0.0, error=failed, throttle=False)
        return result

    lambda_svc._execute_function = execute
