"""IAM under AUTH=true: resources that are misread, and a ledger of every decision.

The ledger (one JSON object a line, in the file that ACCESS_LEDGER names) is how a run proves that none of its calls
was denied: a denied call may be swallowed by whoever made it.
"""

import json
import os
import threading

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import stepfunctions

_turn = threading.Lock()


def install():
    _name_resources()
    _write_ledger(open(os.environ["ACCESS_LEDGER"], "a", buffering=1, encoding="utf8"))
    # As if behind TLS: the stack's own policies deny what comes without it.
    pin = app.pin_request_origin
    app.pin_request_origin = lambda address, secure: pin(address, True)


def _name_resources():
    """AWS checks SendTask* on the machine, of which one alone waits for tokens, and unnamed Describe calls on every instance; both are taken for "*"."""
    named = iam_actions.extract_resource_arn

    def resource_arn(service, *request, **named_request):
        arn = named(service, *request, **named_request)
        if arn != "*":
            return arn
        text = repr(request) + repr(named_request)
        if service == "states" and "taskToken" in text:
            machines = stepfunctions._state_machines.items()
            return next((arn for arn, machine in machines if "waitForTaskToken" in repr(machine)), "*")
        if service == "rds" and "DescribeDBInstances" in text:
            return f"arn:aws:rds:{get_region()}:{get_account_id()}:db:*"
        if service == "rds" and "DescribeDBClusters" in text:
            return f"arn:aws:rds:{get_region()}:{get_account_id()}:cluster:*"
        return arn

    iam_actions.extract_resource_arn = resource_arn


def _write_ledger(ledger):
    decide = iam_evaluator.enforce

    def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        denied = decide(access_key_id, iam_action, service, region, resource_arn, service_context)
        principal = iam_evaluator.resolve_principal(access_key_id or "", get_account_id())
        entry = {
            "principal": getattr(principal, "arn", "unknown"),
            "action": iam_action,
            "resource": resource_arn,
            "denied": denied is not None,
        }
        with _turn:
            ledger.write(json.dumps(entry) + "\n")
        return denied

    iam_evaluator.enforce = enforce
