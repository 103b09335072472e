import * as z from "zod";
import type { Evidence, MetricSeries } from "../contract/evidence.ts";
import { type LockForest, lockForestSchema } from "../contract/locks.ts";
import { type Session, sessionSchema } from "../contract/session.ts";
import type { Rows } from "../probes/define-rows.ts";
import {
  type ConnectionGroup,
  connectionGroupSchema,
  type ServerRow,
  serverRowSchema,
} from "../probes/rows.ts";
import { defaultSettings, type Policy, type Thresholds } from "../settings.ts";
import { flushForests } from "./flush-waits.ts";
import { tableLevelForests } from "./table-level-waits.ts";

/** Evidence as rules read it: parsed, the same for every engine. Null means "could not be seen". */
export interface View {
  readonly evidence: Evidence;
  readonly thresholds: Thresholds;
  /** Who is never touched; actions check it again, a finding must not even propose it. */
  readonly policy: Policy;
  readonly server: ServerRow | null;
  readonly connections: readonly ConnectionGroup[] | null;
  readonly sessions: readonly Session[] | null;
  /** Row-lock and metadata-lock forests of MySQL with its waits for a flush and for whole tables, the one forest of PostgreSQL. */
  readonly forests: readonly LockForest[] | null;
  /** Rows of any probe. */
  rows<Row>(of: Rows<string, Row>): readonly Row[] | null;
  metric(name: string): MetricSeries | null;
}

/** Which probe answers the common questions, by engine. */
const answeredBy = {
  server: ["postgres-server", "mysql-server"],
  connections: ["postgres-connections", "mysql-connections"],
  sessions: ["postgres-sessions", "mysql-sessions"],
  forests: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
} as const;

export function viewOf(
  evidence: Evidence,
  thresholds: Thresholds,
  policy: Policy = defaultSettings.policy,
): View {
  const read = <Row>(ids: readonly string[], schema: z.ZodType<Row>) => rowsIn(evidence, ids, schema);
  const forests = read(answeredBy.forests, lockForestSchema);
  const sessions = read(answeredBy.sessions, sessionSchema);
  return {
    evidence,
    thresholds,
    policy,
    server: read(answeredBy.server, serverRowSchema)?.[0] ?? null,
    connections: read(answeredBy.connections, connectionGroupSchema),
    sessions,
    forests: forests && [
      ...forests,
      ...flushForests(sessions, evidence.target.engine),
      ...tableLevelForests(sessions, evidence.target.engine),
    ],
    rows: ({ id, row }) => read([id], row),
    metric: (name) => evidence.metrics.find((series) => series.id === name) ?? null,
  };
}

function rowsIn<Row>(
  { probes }: Evidence,
  ids: readonly string[],
  schema: z.ZodType<Row>,
): readonly Row[] | null {
  const results = probes.filter((probe) => ids.includes(probe.id) && probe.status === "ok");
  return results.length === 0 ? null : results.flatMap((probe) => z.array(schema).parse(probe.rows));
}

/** How long the oldest transaction had been open; null: could not be seen. */
export function oldestTransaction(evidence: Evidence): number | null {
  const sessions = rowsIn(evidence, answeredBy.sessions, sessionSchema);
  return sessions && Math.max(0, ...sessions.map(({ transactionSeconds }) => transactionSeconds ?? 0));
}
