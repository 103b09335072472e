import { errorAnswer } from "../api/aws-call.ts";
import { firstElement } from "../api/xml-blocks.ts";
import { answered } from "./describe-offers.ts";
import { parameter, type RdsHandler } from "./rds-call.ts";

/** A group that the engines' own defaults fill, whatever moto knows of it. */
export const createParameterGroup: RdsHandler = async (rds) => {
  const answer = await rds.world.moto.pass(rds.call);
  if (answer.status < 300) rds.world.groups.set(parameter(rds, "DBParameterGroupName") ?? "", new Map());
  return answer;
};

/** moto copies none: the copy is made of the same family, with the values that the source has. */
export const copyParameterGroup: RdsHandler = async (rds) => {
  const { moto, groups } = rds.world;
  const from = parameter(rds, "SourceDBParameterGroupIdentifier") ?? "";
  const to = parameter(rds, "TargetDBParameterGroupIdentifier") ?? "";
  const asked = await moto.ask("rds", "DescribeDBParameterGroups", { DBParameterGroupName: from });
  const family = firstElement(asked.body.toString(), "DBParameterGroupFamily")?.replaceAll(/<[^>]+>/g, "");
  if (asked.status >= 300 || family === undefined)
    return errorAnswer(rds.call, 404, "DBParameterGroupNotFound", `DBParameterGroup not found: ${from}`);
  const made = await moto.ask("rds", "CreateDBParameterGroup", {
    ...{ DBParameterGroupName: to, DBParameterGroupFamily: family, Description: "copied" },
    ...Object.fromEntries([...rds.call.params].filter(([key]) => key.startsWith("Tags."))),
  });
  if (made.status >= 300) return made;
  groups.set(to, new Map(groups.get(from)));
  return answered(
    rds.call.operation,
    `<DBParameterGroup><DBParameterGroupName>${to}</DBParameterGroupName></DBParameterGroup>`,
  );
};
