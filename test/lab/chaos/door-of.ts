import type { EngineDoor } from "../../../functions/core/failover/door/node-way.ts";
import { postgresDoor } from "../../../functions/core/failover/door/postgres-door.ts";
import type { Engine } from "../engines/lab-server.ts";

export function doorOf(engine: Engine): EngineDoor {
  if (engine === "postgres") return postgresDoor;
  throw new Error(`the door of ${engine} is not made yet`);
}
