"""CloudWatch: a transition of an alarm goes to EventBridge and to Lambda actions, too (to SNS only).

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
"""

import json
import time

import delivery
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import cloudwatch, eventbridge

_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


def install():
    to_topics = cloudwatch._dispatch_alarm_actions

    def dispatch(alarm, old_state, new_state, reason):
        to_topics(alarm, old_state, new_state, reason)
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000", time.gmtime())
        detail = _detail(alarm, old_state, new_state, reason, at)
        _to_event_bus(alarm, detail, at)
        if alarm.get("ActionsEnabled", True):
            _to_functions(alarm, new_state, detail, at)

    cloudwatch._dispatch_alarm_actions = dispatch


def _detail(alarm, old_state, new_state, reason, at):
    metric = {
        "namespace": alarm.get("Namespace"),
        "name": alarm.get("MetricName"),
        "dimensions": {one["Name"]: one["Value"] for one in alarm.get("Dimensions") or []},
    }
    statistic = {"metric": metric, "period": alarm.get("Period", 60), "stat": alarm.get("Statistic", "")}
    reason_data = json.dumps({"version": "1.0", "threshold": alarm.get("Threshold")})
    return {
        "alarmName": alarm["AlarmName"],
        "state": {"value": new_state, "reason": reason, "timestamp": f"{at}+0000", "reasonData": reason_data},
        "previousState": {"value": old_state, "reason": ""},
        "configuration": {
            "description": alarm.get("AlarmDescription") or "",
            "metrics": [{"id": "m1", "metricStat": statistic, "returnData": True}],
        },
    }


def _to_event_bus(alarm, detail, at):
    eventbridge._dispatch_event(
        {
            "EventId": new_uuid(),
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Detail": json.dumps(detail),
            "EventBusName": "default",
            "Time": f"{at[:-4]}Z",
            "Resources": [_arn(alarm)],
            "Account": get_account_id(),
            "Region": get_region(),
        }
    )


def _to_functions(alarm, state, detail, at):
    for action in alarm.get(_ACTIONS[state]) or []:
        if ":lambda:" in action:
            event = {"source": "aws.cloudwatch", "alarmArn": _arn(alarm), "accountId": get_account_id()}
            delivery.invoke(action, {**event, "time": f"{at}+0000", "region": get_region(), "alarmData": detail})


def _arn(alarm):
    name = alarm["AlarmName"]
    return alarm.get("AlarmArn") or f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"
