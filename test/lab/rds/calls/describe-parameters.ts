import { escapeXml } from "../api/aws-call.ts";
import type { EngineParameter } from "../engines/engine-node.ts";
import { answered } from "./describe-offers.ts";
import { parameter, type RdsHandler } from "./rds-call.ts";

/** What the engine itself knows, where a group of the lab is asked for; moto knows only what somebody has set. */
export const describeParameters: RdsHandler = async (rds) => {
  const { world, call } = rds;
  const name = parameter(rds, "DBParameterGroupName") ?? parameter(rds, "DBClusterParameterGroupName") ?? "";
  const group = world.groups.get(name);
  const node = [...world.databases.values()].find((database) => database.node.pid() !== null)?.node;
  if (group === undefined || node === undefined) return world.moto.pass(call);
  const source = parameter(rds, "Source");
  const all = (await node.parameters())
    .filter((one) => source === null || (source === "user") === group.has(one.name))
    .map((one) => xmlOf(one, group));
  return answered(call.operation, `<Parameters>${all.join("")}</Parameters>`);
};

function xmlOf({ name, value, dynamic }: EngineParameter, group: ReadonlyMap<string, string>): string {
  const set = group.get(name);
  return [
    `<Parameter><ParameterName>${name}</ParameterName>`,
    `<ParameterValue>${escapeXml(set ?? value)}</ParameterValue><Source>${set === undefined ? "engine-default" : "user"}</Source>`,
    `<ApplyType>${dynamic ? "dynamic" : "static"}</ApplyType><IsModifiable>true</IsModifiable>`,
    `<ApplyMethod>${dynamic ? "immediate" : "pending-reboot"}</ApplyMethod></Parameter>`,
  ].join("");
}
