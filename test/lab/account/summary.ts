import { deniedSentence } from "./ministack.ts";
import type { TriedOut } from "./try-out.ts";

export interface Summary {
  readonly lines: readonly string[];
  /** Empty when everything went as it should. */
  readonly complaints: readonly string[];
}

/** The figures of a run for a person, and what is wrong with it. */
export function summaryOf({ source, played, runs, decisions, attempted, rehearsal }: TriedOut): Summary {
  const denied = (decisions ?? []).filter((decision) => decision.denied);
  const idle = runs.filter(({ invocations }) => invocations === 0);
  const failing = runs.filter(({ errors }) => errors > 0);
  const refused = attempted.filter((attempt) => attempt.refused !== null);
  return {
    lines: [
      `endpoint: ${source}`,
      ...played.map(
        ({ database, way, incident, audit }) =>
          `${database.name} (${database.server.engine}, ${database.mode}, by ${way}): ${incident.status}, ` +
          `${incident.signalCount} signals, ${incident.cycle} looks, ${audit.length} audit records`,
      ),
      `functions: ${runs.map(({ name, invocations }) => `${name} ${invocations}`).join(", ")}`,
      `a failover that was only rehearsed: ${rehearsal.status}, ${rehearsal.says}`,
      decisions === null
        ? "IAM: this endpoint does not tell its decisions"
        : `IAM: ${decisions.length} decisions, ${denied.length} denied`,
      `calls that a role must not make: ${refused.length} of ${attempted.length} refused`,
    ],
    complaints: [
      ...played
        .filter(({ incident }) => incident.status !== "resolved")
        .map(({ database, incident }) => `${database.name} is ${incident.status}`),
      ...denied.map(deniedSentence),
      ...idle.map(({ name }) => `${name} never ran`),
      ...failing.map(({ name, errors }) => `${name} failed ${errors} times`),
      ...(refused.length === 0 ? ["no role was refused anything"] : []),
    ],
  };
}
