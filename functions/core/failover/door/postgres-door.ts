import type { EngineDoor } from "./node-way.ts";
import { fencePostgres, unfencePostgres } from "./postgres-fence.ts";
import { lookAtPostgres } from "./postgres-look.ts";

export const postgresDoor: EngineDoor = {
  look: lookAtPostgres,
  fence: fencePostgres,
  unfence: unfencePostgres,
};
