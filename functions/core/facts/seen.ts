import type { Missing, ProbeResult } from "../contract/evidence.ts";
import { mysqlWaitProfileRows } from "../probes/mysql/wait-profile-rows.ts";
import { compare } from "../text/compare.ts";
import { visible } from "../text/visible.ts";
import { followingProbes } from "./known-replica.ts";
import { questionsOf, wasNotAsked } from "./questions.ts";
import { unreadLog } from "./unread-log.ts";
import type { View } from "./view.ts";

/** What a diagnosis could not look at (SPEC D7), said once and in one order. */
export function missingOf(view: View): Missing[] {
  const { evidence } = view;
  const probes = evidence.probes.flatMap(missingProbe);
  const all = [
    ...evidence.missing,
    ...probes,
    ...connectionMissing(view),
    ...unanswered(view),
    ...blurredWaits(view),
    ...unreadLog(view),
  ].map(
    // Servers write their errors on several lines.
    (entry) => ({
      ...entry,
      reason: visible(entry.reason.replaceAll(/\s+/g, " ")),
      howToSee: entry.howToSee?.replaceAll("{user}", evidence.connection.account ?? "{user}") ?? null,
    }),
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

/** Common questions that no probe was even asked; those that failed are named already. */
function unanswered(view: View): readonly Missing[] {
  if (view.evidence.connection.status !== "connected") return [];
  return questionsOf(view)
    .filter((question) => wasNotAsked(view, question))
    .map(({ what }) => ({ what, reason: "no probe asked for it", howToSee: null }));
}

/** The states of threads tell less than wait events: a part of the answer is missing. */
function blurredWaits(view: View): readonly Missing[] {
  const { notSeen = null, howToSee = null } = view.rows(mysqlWaitProfileRows)?.[0] ?? {};
  return notSeen === null
    ? []
    : [{ what: "which statements wait for storage or for a latch", reason: notSeen, howToSee }];
}

export function sawInside({ evidence, server, connections, sessions, forests }: View): boolean {
  const anything = [server, connections, sessions, forests].some((part) => part !== null);
  return evidence.connection.status === "connected" && anything;
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
    ({ id, status, tier }) => status !== "ok" && (ids === null ? isOfFirst(id, tier) : ids.includes(id)),
  );
}

/** Whom a server follows says nothing of who waits on it. */
function isOfFirst(id: string, tier: ProbeResult["tier"]): boolean {
  return tier === "immediate" && !followingProbes.includes(id);
}
