import type { Connection } from "../../contract/evidence.ts";
import { latestMetric } from "../../facts/latest-metric.ts";
import { worksAsEver } from "../../facts/outside-load.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import { refusedLimit } from "../../facts/refused-limits.ts";
import type { View } from "../../facts/view.ts";
import { failOver } from "../../remedies/aws/failover-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { asleepDraft } from "./asleep-draft.ts";
import { outsideDrafts, statusPart } from "./status-draft.ts";

const steps = {
  "name-resolution": "its name does not resolve",
  tcp: "no TCP connection comes about",
  tls: "TLS is not agreed on",
  "sign-in": "the sign-in is refused",
  "no-free-slot": "no connection slot is free",
  handshake: "the server accepts the connection but does not answer",
  session: "the session breaks off before it can be used",
} as const satisfies Record<NonNullable<Connection["failedStep"]>, string>;

export const databaseUnreachable = defineRule({
  id: "database-unreachable",
  spec: ["D4", "P1"],
  category: "availability",
  title: "The responder cannot reach the database",
  needs: ["connection", "ServerlessDatabaseCapacity"],
  evaluate: (view) => {
    const { connection } = view.evidence;
    if (connection.status !== "not-connected") return outsideDrafts(view);
    if (connection.failedStep === "no-free-slot" || refusedLimit(view) !== null) return [];
    if (connection.failedStep === "sign-in") return [signInDraft(view)];
    return [asleepDraft(view) ?? unreachableDraft(view)];
  },
});

function signInDraft(view: View): FindingDraft {
  const { pointsTo } = view.evidence.connection;
  return {
    ...common(view),
    severity: "P1",
    confidence: 0.9,
    summary: `The responder cannot sign in: this is not proof that the database is down${pointsTo === null ? "" : `; it points to ${pointsTo}`}`,
  };
}

function unreachableDraft(view: View): FindingDraft {
  const { failedStep, pointsTo, tookMs, refusedWith } = view.evidence.connection;
  const step = failedStep === null ? "the connection fails" : steps[failedStep];
  const what = refusedWith === undefined ? step : `the server answers and lets nobody in (${refusedWith})`;
  const others = servesOthers(view);
  const rds = statusPart(view);
  const known = common(view);
  const own = others !== null && isOwnWay(view);
  return {
    ...known,
    evidence: [...known.evidence, ...rds.evidence],
    explains: rds.explains,
    actions: [
      ...rds.actions,
      ...(others === null && rds.mayBeFailedOver ? failOver(view, `not reached: ${step}`) : []),
    ],
    severity: "P0",
    confidence: others === null ? 0.9 : own ? 0.4 : 0.5,
    summary: `The database cannot be reached: ${what} (tried for ${duration(tookMs / 1000)})${rds.text}${pointsTo === null || rds.text !== "" ? "" : `; it points to ${pointsTo}`}${others === null ? "" : `; but ${others}${own ? ", and CPU and network were as ever: it may be the responder's own way that is closed" : ""}`}`,
  };
}

/**
 * Packets vanish, RDS has no word of trouble, and in CloudWatch's newest minute the clients work as on any day: whoever
 * lets them in may not let the responder in. That minute is before this one, so that it is no proof: of what has just
 * begun nobody knows, and it stays what it may be.
 */
function isOwnWay(view: View): boolean {
  const { connection } = view.evidence;
  const vanish = connection.failedStep === "tcp" && !/ECONN/.test(connection.detail ?? "");
  return vanish && selfOf(view)?.status === "available" && worksAsEver(view);
}

function common(view: View): Pick<FindingDraft, "subject" | "evidence" | "explains" | "actions"> {
  const { detail, failedStep } = view.evidence.connection;
  const others = servesOthers(view);
  return {
    subject: "",
    evidence: [
      {
        source: "connection",
        says: `failed at ${failedStep ?? "an unknown step"}: ${detail ?? "no detail"}`,
      },
      ...(others === null ? [] : [{ source: "DatabaseConnections", says: others }]),
    ],
    explains: [],
    actions: [],
  };
}

/** CloudWatch is a minute or two behind; an older value says nothing about now. */
const freshMs = 3 * 60_000;

/** A second observer: the responder's own network may be what is broken. */
function servesOthers({ evidence }: View): string | null {
  const latest = latestMetric(evidence, ["DatabaseConnections"]);
  if (latest === null || latest.value <= 0) return null;
  const age = Date.parse(evidence.collectedAt) - Date.parse(latest.at);
  return age <= freshMs
    ? `CloudWatch counted ${Math.round(latest.value)} connections to it at ${latest.at}`
    : null;
}
