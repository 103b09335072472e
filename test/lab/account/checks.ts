import * as z from "zod";
import { type AwsCall, type AwsCalls, AwsRefusal, type Credentials } from "./aws-calls.ts";
import type { Secrets } from "./resources.ts";
import type { DeployedFunction, DeployedStack } from "./stack.ts";

const anything = z.unknown();

/** How often each function of the stack ran, and how often it failed, as CloudWatch counts it. */
export interface Runs {
  readonly name: string;
  readonly invocations: number;
  readonly errors: number;
}

export async function runsOf({ call }: AwsCalls, { functions }: DeployedStack): Promise<readonly Runs[]> {
  const sum = async (FunctionName: string, MetricName: string): Promise<number> => {
    const parameters = {
      Namespace: "AWS/Lambda",
      MetricName,
      Dimensions: [{ Name: "FunctionName", Value: FunctionName }],
      StartTime: new Date(Date.now() - 3_600_000).toISOString(),
      EndTime: new Date(Date.now() + 60_000).toISOString(),
      Period: 60,
      Statistics: ["Sum"],
    };
    const answer = z.object({ Datapoints: z.array(z.object({ Sum: z.number() })) });
    const asked = { service: "cloudwatch", operation: "get_metric_statistics", parameters };
    const { Datapoints } = await call(asked, answer);
    return Datapoints.reduce((total, { Sum }) => total + Sum, 0);
  };
  const runs = functions.map(async ({ name, logicalId }) => ({
    name: logicalId,
    invocations: await sum(name, "Invocations"),
    errors: await sum(name, "Errors"),
  }));
  return Promise.all(runs);
}

const attempts = ["secret for looking", "secret for acting", "incident", "change of a database"] as const;

/** What came of a call that was made as a function of the stack. */
export interface Attempted {
  readonly as: string;
  readonly what: (typeof attempts)[number];
  /** AWS's name for the refusal; null when the call was permitted. */
  readonly refused: string | null;
}

/** The same four calls as each of the functions: the two secrets, an incident, and a change of a database. */
export async function tryForbiddenCalls(
  calls: AwsCalls,
  { functions, table }: DeployedStack,
  { probeArn, actArn }: Secrets,
): Promise<readonly Attempted[]> {
  const secret = (SecretId: string) => ({
    service: "secretsmanager",
    operation: "get_secret_value",
    parameters: { SecretId },
  });
  const Key = { pk: { S: "GROUP#orders" }, sk: { S: "OPEN" } };
  const change = { DBInstanceIdentifier: "orders", AllocatedStorage: 21 };
  const tried: Readonly<Record<Attempted["what"], AwsCall>> = {
    "secret for looking": secret(probeArn),
    "secret for acting": secret(actArn),
    incident: { service: "dynamodb", operation: "get_item", parameters: { TableName: table, Key } },
    "change of a database": { service: "rds", operation: "modify_db_instance", parameters: change },
  };
  const attempted: Attempted[] = [];
  for (const fn of functions) {
    const credentials = await credentialsOf(calls, fn);
    for (const what of attempts) {
      const refused = await refusalOf(calls, { ...tried[what], credentials });
      attempted.push({ as: fn.logicalId, what, refused });
    }
  }
  return attempted;
}

async function refusalOf({ call }: AwsCalls, asked: AwsCall): Promise<string | null> {
  try {
    await call(asked, anything);
    return null;
  } catch (error) {
    if (error instanceof AwsRefusal) return error.code;
    throw error;
  }
}

const tellCredentials = `exports.handler = async () => ({
  aws_access_key_id: process.env.AWS_ACCESS_KEY_ID,
  aws_secret_access_key: process.env.AWS_SECRET_ACCESS_KEY,
  aws_session_token: process.env.AWS_SESSION_TOKEN,
});`;
const credentialsSchema = z.object({
  aws_access_key_id: z.string(),
  aws_secret_access_key: z.string(),
  aws_session_token: z.string(),
});

/** Nobody but Lambda may take on a function's role, so a function of ours with the same role tells its credentials. */
async function credentialsOf(
  { call }: AwsCalls,
  { logicalId, roleArn }: DeployedFunction,
): Promise<Credentials> {
  const FunctionName = `spy-${logicalId}`;
  const parameters = {
    FunctionName,
    Role: roleArn,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: { $zip: { "index.js": tellCredentials } } },
  };
  await call({ service: "lambda", operation: "create_function", parameters }, anything);
  const invoke = { service: "lambda", operation: "invoke", parameters: { FunctionName } };
  const { Payload } = await call(invoke, z.object({ Payload: z.base64() }));
  return credentialsSchema.parse(JSON.parse(Buffer.from(Payload, "base64").toString("utf8")));
}
