import { CfnElement, Stack, Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Accepts one finding of cdk-nag for one construct, with the reason that a reviewer wants to read. */
export function accept(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** An attribute of a resource as cdk-nag writes it inside a finding: `<LogicalId.Arn>`. */
export function attributeOf(construct: IConstruct, attribute: string): string {
  const resource = construct.node.defaultChild;
  if (!CfnElement.isCfnElement(resource)) throw new Error(`${construct.node.path} is not one resource`);
  return `<${Stack.of(construct).resolve(resource.logicalId)}.${attribute}>`;
}
