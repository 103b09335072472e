import * as z from "zod";
import type { ProbeReport, ProbeResult } from "../../../../functions/core/contract/evidence.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import { postgresProbes } from "../../../../functions/core/probes/postgres/index.ts";
import type { World } from "./world.ts";

const jsonRows = z.array(z.json());

type Trouble = Pick<ProbeResult, "status" | "reason" | "howToSee">;
type Answer = readonly unknown[] | Trouble;
type InPart = NonNullable<World["inPart"]>;
type AnyProbe = (typeof postgresProbes)[number];
type ProbeId = AnyProbe["id"];

/** The server's own word where one statement took longer than the look allows. */
export const timedOut: Trouble = {
  status: "timeout",
  reason: "canceling statement due to statement timeout",
  howToSee: null,
};

/** All of the look's time was spent before these were asked. */
export const outOfTime: Trouble = {
  status: "timeout",
  reason: "the deadline of all probes struck: The operation was aborted due to timeout",
  howToSee: null,
};

/** The server, or what lies before it, hung up. */
export const cutOff: Trouble = {
  status: "failed",
  reason: "the connection was lost: Connection terminated unexpectedly",
  howToSee: null,
};

/** pg_stat_statements was never created in this database. */
export const noStatementStatistics: Trouble = {
  status: "skipped",
  reason: "pg_stat_statements is not installed in this database",
  howToSee: "CREATE EXTENSION pg_stat_statements, in a schema that {user} may use",
};

/** The account of the responder was made without pg_monitor: what needs it is skipped, the rest is answered as told. */
export function withoutMonitor(otherwise: Answer): (probe: AnyProbe) => Answer {
  return ({ needs }) => {
    const grant = needs.find(({ name }) => name === "pg_monitor");
    if (grant === undefined) return otherwise;
    return {
      status: "skipped",
      reason: "other users' sessions are hidden from the probe user",
      howToSee: grant.enable,
    };
  };
}

interface HalfLook {
  readonly answers: Readonly<Partial<Record<ProbeId, Answer>>>;
  /** Of the probes that are not named. */
  readonly rest: Answer | ((probe: AnyProbe) => Answer);
}

/** Somebody signed in, and not every probe was answered. Rows are held against the schemas of the probes. */
export function halfLook({ answers, rest }: HalfLook): InPart {
  return (target, collectedAt) => ({
    schema: "probe-report.v1",
    target,
    collectedAt,
    connection: {
      status: "connected",
      failedStep: null,
      detail: null,
      pointsTo: null,
      tookMs: 184,
      account: "rds_responder",
    },
    probes: asked(target, answers).map((probe) =>
      resultOf(probe, answers[probe.id] ?? (typeof rest === "function" ? rest(probe) : rest)),
    ),
  });
}

function asked(target: Target, answers: HalfLook["answers"]): AnyProbe[] {
  const major = Number.parseInt(target.engineVersion ?? "", 10);
  return postgresProbes
    .filter(({ tier }) => tier !== "health")
    .filter(({ id, standsInFor }) => standsInFor === undefined || answers[id] !== undefined)
    .filter(({ versions: { from = 0, to = 99 } = {} }) => major >= from && major <= to);
}

function resultOf(probe: AnyProbe, answer: Answer): ProbeReport["probes"][number] {
  const { id, spec, tier, maxRows } = probe;
  const head = { id, spec: [...spec], tier, tookMs: 21, statements: 1 };
  if ("status" in answer) return { ...head, ...answer, rows: [], rowCount: 0, truncated: false };
  const rows = jsonRows.parse(answer.slice(0, maxRows).map((row) => probe.row.parse(row)));
  const truncated = answer.length > rows.length;
  return { ...head, status: "ok", reason: null, howToSee: null, rows, rowCount: answer.length, truncated };
}
