import type { ProbeReport } from "../core/contract/evidence.ts";
import { parseInput } from "../core/contract/parse-input.ts";
import { assignmentSchema } from "../core/contract/workflow.ts";
import { mysqlProbes } from "../core/probes/mysql/index.ts";
import { type LookDeps, lookInside } from "../core/respond/look-inside.ts";
import { basics } from "../wiring.ts";
import { mysqlDatabases } from "../wiring-mysql.ts";
import { lazily } from "./lazily.ts";

/** Looks inside MySQL and MariaDB. Runs in the VPC: its event is all it is told, its result all it tells. */
export function createHandler(deps: LookDeps): (event: unknown) => Promise<ProbeReport> {
  return async (event) => lookInside(parseInput(assignmentSchema, event), mysqlProbes, deps);
}

export const handler = lazily(() => createHandler({ ...basics(), databases: mysqlDatabases }));
