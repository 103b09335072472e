"""EventBridge and SNS invoke a function asynchronously: with its retries and its failure destination (one try only)."""

import json

from ministack.services import eventbridge, lambda_svc, sns


def install():
    eventbridge._dispatch_to_lambda = lambda arn, payload: invoke(arn, json.loads(payload))
    sns._deliver_to_lambda = _notify


def invoke(arn, event):
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if function is None:
        raise LookupError(f"no function {name}")
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), event)


def _notify(endpoint, envelope, topic_arn, subscription_arn, *_):
    record = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription_arn,
        "EventSource": "aws:sns",
        "Sns": json.loads(envelope),
    }
    invoke(endpoint, {"Records": [record]})
