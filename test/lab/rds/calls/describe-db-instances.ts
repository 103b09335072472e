import { described } from "../api/described.ts";
import type { RdsHandler } from "./rds-call.ts";

/** moto knows one resource id for all; who filters by the lab's gets the instance of that id by its name. */
export const describeDBInstances: RdsHandler = async ({ world, call }) => {
  const names = new Map([...world.databases.values()].map(({ resourceId, id }) => [resourceId, id]));
  const params = [...call.params].map(([key, value]) => {
    if (value === "dbi-resource-id") return [key, "db-instance-id"] as const;
    return [key, names.get(value) ?? value] as const;
  });
  const answer = await world.moto.ask("rds", call.operation, Object.fromEntries(params));
  return { ...answer, body: described(world, answer.body.toString()) };
};
