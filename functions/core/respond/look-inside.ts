import type { ProbeReport } from "../contract/evidence.ts";
import type { Assignment } from "../contract/workflow.ts";
import type { Databases } from "../ports.ts";
import { type AnyProbe, collectProbeReport } from "../probes/run-probes.ts";
import type { Settings } from "../settings.ts";
import type { Deps } from "./deps.ts";

export interface LookDeps extends Pick<Deps, "clock" | "log"> {
  /** How to sign in is a setting, so the way to the databases is made for each look. */
  databases(settings: Settings): Databases;
}

/** Under the function's own time limit, so that what was answered is still handed back. */
const functionDeadlineMs = 22_000;

/** The probes of the wanted tiers on one connection. Never throws for what a database does. */
export async function lookInside(
  { incidentId, target, tiers, settings }: Assignment,
  probes: readonly AnyProbe[],
  deps: LookDeps,
): Promise<ProbeReport> {
  const report = await collectProbeReport(
    deps.databases(settings),
    target,
    settings,
    probes,
    tiers,
    deps.clock,
    AbortSignal.timeout(functionDeadlineMs),
  );
  deps.log.info("database.probed", {
    incidentId,
    connection: report.connection.status,
    failedStep: report.connection.failedStep,
    probes: report.probes.map(({ id, status, tookMs }) => `${id} ${status} ${Math.round(tookMs)} ms`),
  });
  return report;
}
