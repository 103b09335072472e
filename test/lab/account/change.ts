import * as z from "zod";
import { type Outcome, outcomeSchema, type WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { anAwsOrder } from "../../support/rds-builder.ts";
import type { AwsCalls } from "./aws-calls.ts";
import type { DeployedStack } from "./stack.ts";

/**
 * An order for the function that changes things on AWS, about a class that the database does not have: it reads how the
 * database stands, with its own role, and refuses. The endpoint's IAM knows no tags of databases, so that it would permit
 * no change at all.
 */
export async function orderChange(
  { call }: AwsCalls,
  { functions }: DeployedStack,
  name: string,
): Promise<Outcome> {
  const FunctionName = functions.find(({ logicalId }) => logicalId.startsWith("ActAws"))?.name;
  const payload = { order: orderFor(name), settings: defaultSettings };
  const parameters = { FunctionName, Payload: JSON.stringify(payload) };
  const invoke = { service: "lambda", operation: "invoke", parameters };
  const { Payload } = await call(invoke, z.object({ Payload: z.base64() }));
  return outcomeSchema.parse(JSON.parse(Buffer.from(Payload, "base64").toString("utf8")));
}

function orderFor(name: string): WorkOrder {
  const now = Date.now();
  const order = anAwsOrder(
    "scale-instance-class",
    {},
    { of: name, from: "db.r7g.2xlarge", to: "db.r7g.4xlarge" },
  );
  return {
    ...order,
    target: { ...order.target, name, resourceId: null },
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 60_000).toISOString(),
  };
}
