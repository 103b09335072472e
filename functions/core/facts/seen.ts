import type { Missing, ProbeResult } from "../contract/evidence.ts";
import type { Engine } from "../contract/target.ts";
import { compare } from "../text/compare.ts";
import { visible } from "../text/visible.ts";
import type { View } from "./view.ts";

/** What a diagnosis could not look at (SPEC D7), said once and in one order. */
export function missingOf(view: View): Missing[] {
  const { evidence } = view;
  const probes = evidence.probes.flatMap(missingProbe);
  const all = [...evidence.missing, ...probes, ...connectionMissing(view), ...unanswered(view)].map(
    // Servers write their errors on several lines.
    (entry) => ({ ...entry, reason: visible(entry.reason.replaceAll(/\s+/g, " ")) }),
  );
  const unique = new Map(all.map((entry) => [`${entry.what}\0${entry.reason}`, entry]));
  return [...unique].toSorted(([a], [b]) => compare(a, b)).map(([, entry]) => entry);
}

function missingProbe(probe: ProbeResult): readonly Missing[] {
  if (probe.status !== "ok") {
    const reason = probe.reason ?? "no reason given";
    return [
      {
        what: `probe ${probe.id}`,
        reason: `${statusText(probe.status)}: ${reason}`,
        howToSee: probe.howToSee,
      },
    ];
  }
  if (!probe.truncated) return [];
  const reason = `${probe.rows.length} of ${probe.rowCount} rows were kept`;
  return [{ what: `rows of probe ${probe.id}`, reason, howToSee: null }];
}

function statusText(status: Exclude<ProbeResult["status"], "ok">): string {
  switch (status) {
    case "skipped":
      return "skipped";
    case "failed":
      return "failed";
    case "timeout":
      return "timed out";
    default:
      return status satisfies never;
  }
}

function connectionMissing({ evidence }: View): readonly Missing[] {
  const { status, failedStep, detail } = evidence.connection;
  if (status === "connected") return [];
  const reason =
    status === "not-tried"
      ? (detail ?? "no connection was tried")
      : `no connection: ${failedStep ?? "unknown step"}${detail === null ? "" : ` (${detail})`}`;
  return [{ what: "the inside of the database", reason, howToSee: null }];
}

/** Every probe of a list has to have answered: MySQL keeps row locks and metadata locks apart. */
type Answerers = Readonly<Record<Engine, readonly string[]>>;

export interface Question {
  readonly what: string;
  readonly answeredBy: Answerers;
}

/** What has to be seen before anybody may say that a database is well. */
export const commonQuestions: readonly Question[] = [
  { what: "the server's limits", answeredBy: byFamily("server") },
  { what: "its connections", answeredBy: byFamily("connections") },
  { what: "its running statements", answeredBy: byFamily("sessions") },
  {
    what: "who waits for whose locks",
    answeredBy: {
      postgres: ["postgres-blocking"],
      mysql: ["mysql-row-locks", "mysql-metadata-locks"],
      mariadb: ["mariadb-row-locks", "mysql-metadata-locks"],
    },
  },
];

function byFamily(name: string): Answerers {
  return { postgres: [`postgres-${name}`], mysql: [`mysql-${name}`], mariadb: [`mysql-${name}`] };
}

/** Common questions that no probe was even asked; those that failed are named already. */
function unanswered({ evidence }: View): readonly Missing[] {
  if (evidence.connection.status !== "connected") return [];
  const asked = new Set(evidence.probes.map(({ id }) => id));
  return commonQuestions
    .filter(({ answeredBy }) => answeredBy[evidence.target.engine].some((id) => !asked.has(id)))
    .map(({ what }) => ({ what, reason: "no probe asked for it", howToSee: null }));
}

/** Common questions that were not answered, or of which a part is missing. */
export function unseenQuestions({ evidence }: View): readonly Question[] {
  const answered = new Set(evidence.probes.filter(({ status }) => status === "ok").map(({ id }) => id));
  const connected = evidence.connection.status === "connected";
  return commonQuestions.filter(
    ({ answeredBy }) => !connected || answeredBy[evidence.target.engine].some((id) => !answered.has(id)),
  );
}

export function sawInside({ evidence, server, connections, sessions, forests }: View): boolean {
  const anything = [server, connections, sessions, forests].some((part) => part !== null);
  return evidence.connection.status === "connected" && anything;
}

/** Whether the four common questions were all answered. */
export function sawAllInside(view: View): boolean {
  return unseenQuestions(view).length === 0;
}

const whenNeedsFailed = 0.7;
const whenOthersFailed = 0.9;

/** Partial evidence lowers confidence: more when a rule's own probes are missing than when others are. */
export function trustIn(view: View, needs: readonly string[]): number {
  if (failedOf(view, needs).length > 0) return whenNeedsFailed;
  return failedOf(view, null).length > 0 ? whenOthersFailed : 1;
}

function failedOf({ evidence }: View, ids: readonly string[] | null): readonly ProbeResult[] {
  return evidence.probes.filter(
    ({ id, status, tier }) => status !== "ok" && (ids === null ? tier === "immediate" : ids.includes(id)),
  );
}
