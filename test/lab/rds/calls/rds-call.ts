import { type Answer, type AwsCall, errorAnswer, xmlAnswer } from "../api/aws-call.ts";
import { described } from "../api/described.ts";
import { firstElement } from "../api/xml-blocks.ts";
import type { Cluster, Database } from "../world/database.ts";
import type { World } from "../world/world.ts";

/** One call of RDS that has an effect on engines. */
export interface RdsCall {
  readonly world: World;
  readonly call: AwsCall;
  readonly neverFinishes: boolean;
}

export type RdsHandler = (rds: RdsCall) => Promise<Answer>;

export function parameter({ call }: RdsCall, name: string): string | null {
  return call.params.get(name) ?? null;
}

/** The database that the call names. Null for one that the lab has no engine for: moto then answers alone. */
export function named(rds: RdsCall, name = "DBInstanceIdentifier"): Database | null {
  return rds.world.databases.get(identifierOf(parameter(rds, name) ?? "")) ?? null;
}

/** The last part of an ARN, or the name itself; RDS knows no capitals. */
export function identifierOf(name: string): string {
  return (name.split(":").at(-1) ?? name).toLowerCase();
}

/** What moto says of the instance, as the answer to the call that changed it. */
export async function answerWithInstance({ world, call }: RdsCall, id: string): Promise<Answer> {
  const answer = await world.moto.ask("rds", "DescribeDBInstances", { DBInstanceIdentifier: id });
  return answerWith(world, call, answer, "DBInstance");
}

export async function answerWithCluster({ world, call }: RdsCall, { id }: Cluster): Promise<Answer> {
  const answer = await world.moto.ask("rds", "DescribeDBClusters", { DBClusterIdentifier: id });
  return answerWith(world, call, answer, "DBCluster");
}

function answerWith(world: World, call: AwsCall, answer: Answer, element: string): Answer {
  if (answer.status >= 300) return answer;
  const block = firstElement(described(world, answer.body.toString()), element) ?? "";
  const { operation } = call;
  const result = `<${operation}Result>${block}</${operation}Result>`;
  const metadata = "<ResponseMetadata><RequestId>lab</RequestId></ResponseMetadata>";
  return xmlAnswer(200, `<${operation}Response>${result}${metadata}</${operation}Response>`);
}

/**
 * The refusal of a call on an instance that is busy, null when it may go on. moto finishes everything at once and never
 * refuses for that. Source: "Viewing Amazon RDS DB instance status", docs.aws.amazon.com/AmazonRDS/latest/UserGuide.
 */
export function busy(
  { call }: RdsCall,
  { id, status }: Database,
  ...alsoIn: readonly string[]
): Answer | null {
  if (status === null || alsoIn.includes(status)) return null;
  return invalidState(call, `DB instance ${id} is not in available state: ${status}`);
}

export function invalidState(call: AwsCall, message: string): Answer {
  return errorAnswer(call, 400, "InvalidDBInstanceState", message);
}
