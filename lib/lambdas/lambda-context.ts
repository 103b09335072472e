import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { accept } from "../accept-finding.ts";
import type { ReservedConcurrency, SecretKeys } from "../deploy-config.ts";
import type { Placement, ResponderFunction } from "../node-function.ts";
import type { Storage } from "../storage.ts";

/** How the functions in the VPC sign in, for one purpose. */
interface SignIn {
  readonly users: readonly string[];
  /** Secrets of databases that do not use IAM authentication. */
  readonly secretArns: readonly string[];
}

/** Apart, because whoever looks must not be able to sign in as whoever acts. */
export interface SignIns {
  readonly probe: SignIn;
  readonly act: SignIn;
}

/** What the constructs of the Lambdas are built from. */
export interface LambdaContext {
  readonly storage: Storage;
  readonly placement: Placement;
  readonly slackSecret: ISecret;
  readonly slackApiUrl: string;
  readonly signIns: SignIns;
  readonly reserved: ReservedConcurrency | null;
  readonly keys: SecretKeys;
  readonly storageKeys: readonly string[];
}

/** Of a function's share, nothing where nothing is reserved. */
export function reservedFor(
  { reserved }: LambdaContext,
  what: keyof ReservedConcurrency,
): { reservedConcurrentExecutions?: number } {
  return reserved === null ? {} : { reservedConcurrentExecutions: reserved[what] };
}

/** Items of the incident table: never a scan, never the table itself. A transaction is permitted by its parts. */
type ItemAction = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "ConditionCheckItem" | "Query";

export function grantIncidents(
  { storage }: LambdaContext,
  fn: ResponderFunction,
  ...actions: ItemAction[]
): void {
  const { tableArn, tableName } = storage.incidents;
  allow(
    fn,
    actions.map((action) => `dynamodb:${action}`),
    [tableArn],
  );
  fn.addEnvironment("INCIDENT_TABLE", tableName);
}

export function grantSettings({ storage }: LambdaContext, fn: ResponderFunction): void {
  allow(fn, ["ssm:GetParameter"], [storage.settings.parameterArn]);
  fn.addEnvironment("SETTINGS_PARAMETER", storage.settings.parameterName);
}

/** Bot token and signing secret. By name: a partial ARN is read wrongly when the name ends like a suffix. */
export function grantSlack({ slackSecret, slackApiUrl, keys }: LambdaContext, fn: ResponderFunction): void {
  allow(fn, ["secretsmanager:GetSecretValue"], [`${slackSecret.secretArn}-??????`]);
  grantDecrypt(fn, keys.slack === null ? [] : [keys.slack]);
  fn.addEnvironment("SLACK_SECRET_ARN", slackSecret.secretName);
  fn.addEnvironment("SLACK_API_URL", slackApiUrl);
}

/** Calls that AWS lets nobody restrict to a resource. */
export function grantUnrestricted(fn: IFunction, actions: readonly string[], why: string): void {
  allow(fn, actions, ["*"]);
  acceptResource(fn, "*", why);
}

/** One call on resources of one kind in this account and Region: `db:*` of the service "rds". */
export function grantAnyOf(
  fn: IFunction,
  action: `${string}:${string}`,
  kind: `${string}:*${string}`,
  why: string,
): void {
  const { account, region, partition } = Stack.of(fn);
  const [service] = action.split(":");
  allow(fn, [action], [`arn:${partition}:${service}:${region}:${account}:${kind}`]);
  acceptResource(fn, `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${kind}`, why);
}

/**
 * Sign-in as database users with an IAM token, which is signed locally: no endpoint, no NAT. A database that signs
 * in by secret is the exception: its function then reads that secret, through the VPC's endpoint.
 */
export function grantSignIn(
  fn: ResponderFunction,
  { users, secretArns }: SignIn,
  { databases }: SecretKeys,
): void {
  for (const user of users) {
    grantAnyOf(
      fn,
      "rds-db:connect",
      `dbuser:*/${user}`,
      "One user name on every database; which databases have that user is decided by their GRANT scripts.",
    );
  }
  if (secretArns.length === 0) return;
  allow(fn, ["secretsmanager:GetSecretValue"], secretArns);
  grantDecrypt(fn, databases);
}

/** Only on behalf of Secrets Manager: with the key itself nothing else can be read. */
function grantDecrypt(fn: ResponderFunction, keyArns: readonly string[]): void {
  if (keyArns.length === 0) return;
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: ["kms:Decrypt"],
      resources: [...keyArns],
      conditions: {
        StringEquals: { "kms:ViaService": `secretsmanager.${Stack.of(fn).region}.amazonaws.com` },
      },
    }),
  );
}

/**
 * For what is made under the key of its source. Only on behalf of RDS, and only grants for AWS itself.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
 */
export function grantStorageKeys(fn: ResponderFunction, keyArns: readonly string[]): void {
  if (keyArns.length === 0) return;
  const viaRds = { "kms:ViaService": `rds.${Stack.of(fn).region}.amazonaws.com` };
  const allowed = (action: string, conditions: Record<string, Record<string, string>>) =>
    fn.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [...keyArns], conditions }));
  allowed("kms:DescribeKey", { StringEquals: viaRds });
  allowed("kms:CreateGrant", { StringEquals: viaRds, Bool: { "kms:GrantIsForAWSResource": "true" } });
}

export function allow(fn: IFunction, actions: readonly string[], resources: readonly string[]): void {
  fn.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
}

function acceptResource(fn: IFunction, resource: string, why: string): void {
  if (fn.role !== undefined) accept(fn.role, `AwsSolutions-IAM5[Resource::${resource}]`, why);
}
