import {
  type DBInstance,
  DescribeDBParametersCommand,
  type Parameter,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { Sight } from "../../core/context-ports.ts";
import type { Topology } from "../../core/contract/topology.ts";
import { attempt, during } from "./attempt.ts";

type Parameters = NonNullable<Topology["parameters"]>;

const maxGroups = 4;
const maxPages = 3;

/**
 * What somebody has set in the groups of a family whose members use different ones; null where they do not, so that
 * nothing is asked for. Defaults differ by class, and who set nothing has the same.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBParameters.html
 */
export async function readParameters(
  reach: { readonly client: RDSClient; readonly signal: AbortSignal | undefined },
  instances: readonly DBInstance[],
): Promise<Sight<Parameters | null> | null> {
  const groups = new Set(
    instances.flatMap(({ DBParameterGroups = [] }) =>
      DBParameterGroups.flatMap(({ DBParameterGroupName }) => DBParameterGroupName ?? []),
    ),
  );
  if (groups.size < 2) return null;
  const call = { what: "parameters of the members' groups", action: "rds:DescribeDBParameters" };
  return attempt(call, () =>
    Promise.all(
      [...groups].slice(0, maxGroups).map(async (group) => ({
        group,
        // Nobody can set anything in a default group.
        values: group.startsWith("default.") ? [] : await readGroup(reach, group),
      })),
    ),
  );
}

async function readGroup(
  { client, signal }: { readonly client: RDSClient; readonly signal: AbortSignal | undefined },
  group: string,
): Promise<Parameters[number]["values"]> {
  const found: Parameter[] = [];
  let marker: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await client.send(
      new DescribeDBParametersCommand({
        DBParameterGroupName: group,
        Source: "user",
        ...(marker === undefined ? {} : { Marker: marker }),
      }),
      during(signal),
    );
    found.push(...(answer.Parameters ?? []));
    marker = answer.Marker;
    if (!marker) break;
  }
  return found.flatMap(({ ParameterName, ParameterValue }) =>
    ParameterName && ParameterValue !== undefined ? [{ name: ParameterName, value: ParameterValue }] : [],
  );
}
