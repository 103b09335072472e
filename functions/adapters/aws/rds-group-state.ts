import {
  DescribeDBClusterParameterGroupsCommand,
  DescribeDBParameterGroupsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { ParameterGroup } from "../../core/change-ports.ts";
import { AwsError } from "../../core/errors.ts";
import type { GroupState } from "../../core/made-group-ports.ts";
import { during } from "./attempt.ts";
import { parametersOf } from "./rds-groups.ts";
import { tagsAt } from "./rds-tags.ts";

/** A describe of groups tells no tags: these are asked for by the ARN. */
export async function groupState(
  client: RDSClient,
  group: ParameterGroup,
  signal: AbortSignal | undefined,
): Promise<GroupState> {
  const arn = await arnOf(client, group, signal);
  // A group without its ARN has tags that nobody has seen: it is not taken for one without.
  if (arn === undefined) throw new AwsError("NoGroupArn", true, `RDS told no ARN of ${group.of}`);
  const known = await parametersOf(client, group, null, signal);
  const set = known.flatMap(({ name, value, isSet }) =>
    isSet && value !== null ? [[name, value] as const] : [],
  );
  return { tags: await tagsAt(client, arn, signal), set: new Map(set) };
}

async function arnOf(
  client: RDSClient,
  { of, level }: ParameterGroup,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (level === "cluster") {
    const command = new DescribeDBClusterParameterGroupsCommand({ DBClusterParameterGroupName: of });
    const { DBClusterParameterGroups: [found] = [] } = await client.send(command, during(signal));
    return found?.DBClusterParameterGroupArn;
  }
  const command = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: of });
  const { DBParameterGroups: [found] = [] } = await client.send(command, during(signal));
  return found?.DBParameterGroupArn;
}
