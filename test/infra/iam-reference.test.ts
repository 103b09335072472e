import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { synthesize, testConfig } from "../support/synth.ts";
import { type IamAction, iamReference } from "./iam-reference.ts";
import { roleOf, type Statement, statementsOf } from "./permissions-of.ts";

const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;
const names = [
  { kind: "route53", zoneId: "Z1", record: "orders.example.com" },
  { kind: "secret", secretId: "orders" },
  { kind: "parameter", name: "/orders/host" },
  { kind: "proxy", proxy: "orders" },
] as const;
const role = "arn:aws:iam::111122223333:role/report";
const schedules = [
  { kind: "rule", name: "nightly", feeds: { application: "report" } },
  { kind: "rule", name: "hourly", group: "jobs", feeds: { user: "report" } },
  { kind: "schedule", name: "report", group: "jobs", roleArn: role, feeds: { application: "report*" } },
] as const;
const key = "arn:aws:kms:eu-central-1:111122223333:key/one";
/** With everything that a deployment may allow. */
const synthesized = synthesize({
  bundle: false,
  config: {
    ...testConfig,
    storageKeys: [key],
    secretKeys: { slack: key, databases: [key] },
    settings: {
      policy: {
        approvers: ["U1"],
        webhooks: { signingSecretArn: secret("webhooks") },
        schedules: [...schedules],
      },
      failover: { databases: { orders: { names: [...names] } } },
    },
  },
});
const handlers = [...synthesized.handlers.values()].sort();

/** AWS marks each of these as required where one is enough, by what the call is about; the other is never called. */
const otherCase = [
  "rds:CreateDBInstanceReadReplica cluster", // a replica of a cluster: ours are of instances
  "states:DescribeExecution express", // ours is a standard machine
];
/** The reference says that it knows no resource; the machine's ARN works (seen by others: aws/aws-cdk#8486). */
const beyondReference = "states:SendTaskSuccess arn:aws:states:eu-central-1:111122223333:stateMachine:one";

let actionOf: (action: string) => IamAction | null;
beforeAll(async () => {
  const all = handlers.flatMap((handler) => grantsOf(handler).map(({ action }) => action));
  actionOf = await iamReference([...new Set(all.map((action) => action.split(":")[0] ?? ""))]);
});

describe("permissions by AWS's own reference", () => {
  it.each(handlers)("Q4 every permission of %s is one that AWS knows", (handler) => {
    const unknown = grantsOf(handler).filter(({ action }) => actionOf(action) === null);
    expect(unknown.map(({ action }) => action)).toEqual([]);
  });

  it.each(handlers)("Q4 every resource that %s is granted is of a kind that the call works on", (handler) => {
    const useless = grantsOf(handler).flatMap(({ action, resources }) =>
      resources.filter((resource) => !isOfKind(action, resource)).map((resource) => `${action} ${resource}`),
    );
    expect(useless.filter((one) => one !== beyondReference)).toEqual([]);
  });

  it.each(handlers)("Q4 %s is granted every kind of resource that AWS asks for", (handler) => {
    const grants = grantsOf(handler);
    const lacking = [...new Set(grants.map(({ action }) => action))].flatMap((action) => {
      const granted = grants.filter((grant) => grant.action === action).flatMap(({ resources }) => resources);
      const kinds = [...(actionOf(action)?.kinds ?? [])].filter(([, { required }]) => required);
      return kinds
        .filter(([, { arn }]) => !granted.some((resource) => resource === "*" || arn.test(resource)))
        .map(([kind]) => `${action} ${kind}`)
        .filter((one) => !otherCase.includes(one));
    });
    expect(lacking).toEqual([]);
  });

  it.each(handlers)("Q4 every condition of %s is on a key that the resource has", (handler) => {
    const senseless = grantsOf(handler).flatMap(({ action, resources, condition }) =>
      keysOf(condition).flatMap((key) =>
        resources
          .filter(
            (resource) => !kindsOf(action, resource).some((kind) => actionOf(action)?.knowsKey(kind, key)),
          )
          .map((resource) => `${action} ${resource} ${key}`),
      ),
    );
    expect(senseless).toEqual([]);
  });
});

interface Grant {
  readonly action: string;
  readonly resources: readonly string[];
  readonly condition: unknown;
}

function grantsOf(handler: string): readonly Grant[] {
  return statementsOf(synthesized, roleOf(synthesized, handler)).flatMap(
    ({ actions, resources, condition }: Statement) =>
      actions.map((action) => ({ action, resources: resources.map(filledIn), condition })),
  );
}

/** Resources of the stack itself by type: an ARN of the form that they will have, or their name where that is asked for. */
const ownArns: Readonly<Record<string, string>> = {
  "AWS::DynamoDB::GlobalTable": "arn:aws:dynamodb:eu-central-1:111122223333:table/one",
  "AWS::Lambda::Function": "arn:aws:lambda:eu-central-1:111122223333:function:one",
  "AWS::Logs::LogGroup": "arn:aws:logs:eu-central-1:111122223333:log-group:one:log-stream:*",
  "AWS::S3::Bucket": "arn:aws:s3:::one",
  "AWS::SQS::Queue": "arn:aws:sqs:eu-central-1:111122223333:one",
  "AWS::SSM::Parameter": "/one",
  "AWS::StepFunctions::StateMachine": "arn:aws:states:eu-central-1:111122223333:stateMachine:one",
};

function filledIn(resource: string): string {
  const text = resource
    .replaceAll("<AWS::Partition>", "aws")
    .replaceAll("<AWS::Region>", "eu-central-1")
    .replaceAll("<AWS::AccountId>", "111122223333");
  return text.replace(/<(\w+)(?:\.Arn)?>/, (whole, id: string) => ownArns[typeOf(id)] ?? whole);
}

function typeOf(id: string): string {
  const { Resources } = z
    .object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) })
    .parse(synthesized.template.toJSON());
  return Resources[id]?.Type ?? "";
}

function isOfKind(action: string, resource: string): boolean {
  return resource === "*" || kindsOf(action, resource).length > 0;
}

function kindsOf(action: string, resource: string): readonly string[] {
  return [...(actionOf(action)?.kinds ?? [])]
    .filter(([, { arn }]) => arn.test(resource))
    .map(([kind]) => kind);
}

function keysOf(condition: unknown): readonly string[] {
  const conditions = z.record(z.string(), z.record(z.string(), z.unknown())).parse(condition ?? {});
  return Object.values(conditions).flatMap((one) => Object.keys(one));
}
