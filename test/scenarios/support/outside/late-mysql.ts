import * as z from "zod";
import type { Connection, ProbeReport, ProbeResult } from "../../../../functions/core/contract/evidence.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import type { AnyProbe } from "../../../../functions/core/probes/ask-probe.ts";
import { mysqlProbes } from "../../../../functions/core/probes/mysql/index.ts";

/** Why a probe brought no rows. */
export interface Silence {
  readonly status: "skipped" | "failed" | "timeout";
  readonly reason: string;
  readonly howToSee: string | null;
}

export const deadlineOfAll: Silence = {
  status: "timeout",
  reason: "the deadline of all probes struck: The operation was aborted due to timeout",
  howToSee: null,
};
export const cutOff: Silence = {
  status: "failed",
  reason: "the connection was lost: Connection lost: The server closed the connection.",
  howToSee: null,
};
/** performance_schema is off, as by default on RDS without Performance Insights. */
export const notRecorded: Silence = {
  status: "skipped",
  reason: "performance_schema is OFF",
  howToSee: "performance_schema = ON in the parameter group, and a reboot",
};
/** 1142: the account has PROCESS, and no SELECT on performance_schema. */
export function notGranted(table: string): Silence {
  return {
    status: "skipped",
    reason: `SELECT command denied to user 'rds_responder'@'10.4.9.71' for table '${table}'`,
    howToSee: "GRANT SELECT ON performance_schema.* TO {user}",
  };
}

interface Look {
  readonly version: string;
  readonly major: number;
  /** What each probe answers or why it does not, by its id; the others as `rest` says. */
  readonly answers: Readonly<Record<string, readonly unknown[] | Silence>>;
  readonly rest: Silence;
  readonly signInMs?: number;
}

/** A look that signs in, asks what it asks of every server, and gets a part of the answers. */
export function inPart({ version, major, answers, rest, signInMs = 31 }: Look) {
  return (target: Target, collectedAt: string): ProbeReport => {
    const silent = new Set(Object.keys(answers).filter((id) => !isRows(answers[id])));
    const probes = mysqlProbes
      .filter((probe: AnyProbe) => fits(probe, target.engine, major))
      .filter(({ tier }: AnyProbe) => tier !== "health")
      .filter(({ standsInFor }: AnyProbe) => standsInFor?.some((id) => silent.has(id)) ?? true)
      .toSorted(
        (a: AnyProbe, b: AnyProbe) => Number(a.tier !== "immediate") - Number(b.tier !== "immediate"),
      );
    const unknown = Object.keys(answers).filter((id) => !probes.some((probe) => probe.id === id));
    if (unknown.length > 0) throw new Error(`nobody asks ${version} for ${unknown.join(", ")}`);
    const connection: Connection = {
      status: "connected",
      failedStep: null,
      detail: null,
      pointsTo: null,
      tookMs: signInMs,
      account: "'rds_responder'@'%'",
    };
    return {
      schema: "probe-report.v1",
      target,
      collectedAt,
      connection,
      probes: probes.map((probe) => resultOf(probe, answers[probe.id] ?? rest)),
    };
  };
}

function isRows(answer: readonly unknown[] | Silence | undefined): answer is readonly unknown[] {
  return Array.isArray(answer);
}

function fits({ engines, versions = {} }: AnyProbe, engine: Target["engine"], major: number): boolean {
  const { from = 0, to = Number.POSITIVE_INFINITY } = versions;
  return engines.includes(engine) && major >= from && major <= to;
}

function resultOf(probe: AnyProbe, answer: readonly unknown[] | Silence): ProbeResult {
  const head = { id: probe.id, spec: [...probe.spec], tier: probe.tier, tookMs: 19, statements: 2 };
  if (!isRows(answer)) return { ...head, ...answer, rows: [], rowCount: 0, truncated: false };
  const rows = z.array(z.json()).parse(z.array(probe.row).parse(answer));
  const none = { reason: null, howToSee: null, truncated: false };
  return { ...head, ...none, status: "ok", rows, rowCount: rows.length };
}
