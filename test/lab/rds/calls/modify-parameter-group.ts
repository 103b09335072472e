import { type Answer, type AwsCall, errorAnswer } from "../api/aws-call.ts";
import type { Database } from "../world/database.ts";
import { applyParameters } from "../world/parameters.ts";
import type { World } from "../world/world.ts";
import { parameter, type RdsCall, type RdsHandler } from "./rds-call.ts";

interface Wanted {
  readonly name: string;
  readonly value: string;
  readonly immediate: boolean;
}

/** Dynamic parameters are in force at once on every engine that uses the group, static ones at its next start. */
export const modifyParameterGroup: RdsHandler = async (rds) => {
  const { world, call, neverFinishes } = rds;
  const group = parameter(rds, "DBParameterGroupName") ?? parameter(rds, "DBClusterParameterGroupName") ?? "";
  const wanted = wantedOf(call);
  const users = usersOf(world, group);
  const refusal = await impossible(rds, wanted, users);
  if (refusal !== null) return refusal;
  const answer = await world.moto.pass(call);
  if (answer.status >= 300) return answer;
  const values = world.groups.get(group) ?? new Map<string, string>();
  world.groups.set(group, values);
  for (const { name, value } of wanted) values.set(name, value);
  if (neverFinishes || users.length === 0) return answer;
  world.begin({
    operation: call.operation,
    databases: [],
    status: "",
    takesMs: 0,
    neverFinishes: false,
    work: async () => {
      const running = users.filter(({ node }) => node.pid() !== null);
      for (const database of running) await applyParameters(world, database);
    },
  });
  return answer;
};

/** `Parameters.Parameter.1.ParameterName` and so on. */
function wantedOf({ params }: AwsCall): Wanted[] {
  const names = [...params].filter(([key]) => /^Parameters\.\w+\.\d+\.ParameterName$/.test(key));
  return names.map(([key, name]) => {
    const of = (field: string) => params.get(key.replace(/ParameterName$/, field));
    return { name, value: of("ParameterValue") ?? "", immediate: of("ApplyMethod") === "immediate" };
  });
}

function usersOf({ databases, clusters }: World, group: string): Database[] {
  return [...databases.values()].filter(
    ({ parameterGroup, clusterId }) =>
      parameterGroup === group || clusters.get(clusterId ?? "")?.parameterGroup === group,
  );
}

async function impossible(
  { call }: RdsCall,
  wanted: readonly Wanted[],
  users: readonly Database[],
): Promise<Answer | null> {
  const asked = users.find(({ node }) => node.pid() !== null)?.node;
  if (asked === undefined) return null;
  for (const { name, immediate } of wanted) {
    const kind = await asked.parameterKind(name);
    // Names like rds.force_ssl belong to RDS, and no engine knows them.
    if (kind === null && !name.includes(".")) {
      return errorAnswer(call, 400, "InvalidParameterValue", `Could not find parameter with name: ${name}`);
    }
    if (kind === "static" && immediate) {
      const message = `cannot use immediate apply method for static parameter: ${name}`;
      return errorAnswer(call, 400, "InvalidParameterCombination", message);
    }
  }
  return null;
}
