/** One call of the RDS API with its parameters, by the names of the API. */
export interface AwsCall {
  readonly operation: RdsOperation;
  readonly input: CallInput;
}

export type RdsOperation =
  | "ModifyDBInstance"
  | "ModifyDBCluster"
  | "ModifyDBParameterGroup"
  | "ModifyDBClusterParameterGroup"
  | "CreateDBParameterGroup"
  | "CreateDBClusterParameterGroup"
  | "CopyDBParameterGroup"
  | "CopyDBClusterParameterGroup"
  | "RebootDBInstance"
  | "RebootDBCluster"
  | "CreateDBSnapshot"
  | "CreateDBClusterSnapshot"
  | "RestoreDBInstanceToPointInTime"
  | "RestoreDBClusterToPointInTime"
  | "CreateDBInstance"
  | "CreateDBInstanceReadReplica"
  | "DeleteDBInstance"
  | "ModifyDBProxyTargetGroup"
  | "ApplyPendingMaintenanceAction"
  | "StartDBInstance"
  | "StartDBCluster";

type Scalar = string | number | boolean;
type Structure = Readonly<Record<string, Scalar>>;
export type CallInput = Readonly<
  Record<string, Scalar | Structure | readonly Structure[] | readonly string[]>
>;

/** Not before this is so; the command line asks again and again, for half an hour at the most. */
export interface AwsWait {
  readonly waitFor: "db-cluster-available";
  readonly input: CallInput;
}

/**
 * As a person types it: the command line's names are those of the API in kebab case, and its shorthand writes
 * structures as Name=value pairs. The Region is part of it: another one may have a database of the same name.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
 */
export function stepText(step: AwsCall | AwsWait, region: string | null): string {
  const command = "waitFor" in step ? ["wait", step.waitFor] : [kebab(step.operation)];
  const options = Object.entries(step.input).flatMap(([name, value]) => optionText(kebab(name), value));
  const where = region === null ? [] : ["--region", region];
  return ["aws", "rds", ...command, ...options, ...where].map(shellWord).join(" ");
}

function optionText(name: string, value: CallInput[string]): readonly string[] {
  if (value === true) return [`--${name}`];
  if (value === false) return [`--no-${name}`];
  if (typeof value !== "object") return [`--${name}`, String(value)];
  return [
    `--${name}`,
    ...(isList(value) ? value : [value]).map((one) => (typeof one === "string" ? one : shorthand(one))),
  ];
}

function isList(
  value: Structure | readonly Structure[] | readonly string[],
): value is readonly Structure[] | readonly string[] {
  return Array.isArray(value);
}

function shorthand(structure: Structure): string {
  return Object.entries(structure)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}

/** botocore's xform_name: DBInstanceIdentifier is db-instance-identifier, ServerlessV2… is serverless-v2-…. */
function kebab(name: string): string {
  return name
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1-$2")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

/** Quoted for a shell where it has to be. */
export function shellWord(word: string): string {
  return /^[\w.:/=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
