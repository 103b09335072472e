import type { ProbeReport } from "../core/contract/evidence.ts";
import type { NodeLook } from "../core/contract/failover-topology.ts";
import { parseInput } from "../core/contract/parse-input.ts";
import { probeInputSchema, type Resolved } from "../core/contract/vpc-input.ts";
import { mysqlDoor } from "../core/failover/door/mysql-door.ts";
import { mysqlProbes } from "../core/probes/mysql/index.ts";
import { answerFailover, type ProbeDeps } from "../core/respond/answer-failover.ts";
import { lookInside } from "../core/respond/look-inside.ts";
import { basics } from "../wiring.ts";
import { mysqlDatabases } from "../wiring-mysql.ts";
import { resolveName } from "../wiring-resolve.ts";
import { lazily } from "./lazily.ts";

/** Looks inside MySQL and MariaDB. Runs in the VPC: its event is all it is told, its result all it tells. */
export function createHandler(
  deps: ProbeDeps,
): (event: unknown) => Promise<ProbeReport | NodeLook | Resolved> {
  return async (event) => {
    const asked = parseInput(probeInputSchema, event);
    if ("step" in asked) return answerFailover(asked, { ...deps, engine: mysqlDoor });
    return lookInside(asked, mysqlProbes, deps);
  };
}

export const handler = lazily(() =>
  createHandler({ ...basics(), databases: mysqlDatabases, resolve: resolveName }),
);
