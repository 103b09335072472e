"""CloudFormation: resources and properties that are refused, or dropped without a word."""

from ministack.core.responses import new_uuid
from ministack.services import ec2, lambda_svc
from ministack.services.cloudformation import provisioners


def install():
    handlers = provisioners._RESOURCE_HANDLERS
    # Refused: "Unrecognized resource types".
    handlers["AWS::EC2::SecurityGroupIngress"] = _rule_of_group("IpPermissions")
    handlers["AWS::EC2::SecurityGroupEgress"] = _rule_of_group("IpPermissionsEgress")
    # Dropped: the limit that keeps the looking functions from becoming a connection storm.
    function = handlers["AWS::Lambda::Function"]
    handlers["AWS::Lambda::Function"] = {**function, "create": _limited(function["create"])}


def _rule_of_group(field):
    """Fails where AWS does: on a group that is not there."""

    def create(logical_id, props, stack):
        group = ec2._security_groups.get(props["GroupId"])
        if group is None:
            raise ValueError(f"The security group '{props['GroupId']}' does not exist")
        group[field].extend(provisioners._ec2_sg_permissions([props]))
        return f"sgr-{new_uuid()[:8]}", {}

    return {"create": create, "delete": lambda physical_id, props: None}


def _limited(create):
    def create_limited(logical_id, props, stack):
        made = create(logical_id, props, stack)
        limit = props.get("ReservedConcurrentExecutions")
        if limit is not None:
            lambda_svc._functions[made[0]]["concurrency"] = int(limit)
        return made

    return create_limited
