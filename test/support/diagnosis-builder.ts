import type { Finding, ProposedAction } from "../../functions/core/contract/finding.ts";
import type { DiagnosisSummary } from "../../functions/core/contract/incident.ts";
import type { Target } from "../../functions/core/contract/target.ts";

/** 14:03:07 UTC: when the sample incident opens. */
export const openedAt = "2026-11-21T14:03:07.000Z";

/** The sample incident's time, `seconds` after it opened. */
export function secondsLater(seconds: number): string {
  return new Date(Date.parse(openedAt) + seconds * 1000).toISOString();
}

export function aTarget(overrides: Partial<Target> = {}): Target {
  return {
    schema: "target.v1",
    name: "orders-prod",
    group: "orders-prod",
    engine: "postgres",
    flavour: "rds",
    engineVersion: "17.4",
    host: "orders-prod.example.internal",
    port: 5432,
    database: "orders",
    role: "writer",
    clusterId: null,
    resourceId: "db-ABCDEFGHIJ",
    instanceClass: "db.r7g.xlarge",
    accountId: "123456789012",
    region: "eu-central-1",
    tags: {},
    ...overrides,
  };
}

/** Terminating the idle transaction that blocks the sample incident's waiters. */
export function aProposal(overrides: Partial<ProposedAction> = {}): ProposedAction {
  return {
    id: "terminate-session",
    spec: ["A2"],
    risk: "disruptive",
    input: {
      sessionId: 4242,
      sessionKey: "2026-11-21 13:55:01.123456+00",
      statementKey: null,
      state: "idle-in-transaction",
      seenTransactionSeconds: 472,
      user: "billing",
      application: "billing-worker",
      client: "10.0.4.17",
      database: "orders",
      query: "UPDATE orders SET status = $1 WHERE id = $2",
      rowsModified: 3,
      longestWaitSeconds: 461,
    },
    preview:
      "SELECT pg_terminate_backend(pid, 5000)\n  FROM pg_stat_activity\n WHERE pid = 4242\n   AND backend_start = '2026-11-21 13:55:01.123456+00'\n   AND state = 'idle in transaction';",
    describes: "app billing-worker, user billing, pid 4242, idle in transaction for 7 min 52 s",
    consequence:
      "Its open transaction is rolled back (3 rows written); billing-worker gets an error on its next statement.",
    frees: 46,
    automatic: true,
    causes: {
      says: "it holds the row and has been idle for 7 min 52 s, the longest wait is 7 min 41 s",
      source: "postgres-blocking",
    },
    ends: { says: "all 46 sessions that wait, wait for it alone", source: "postgres-blocking" },
    costs: {
      says: "what its transaction did in 5 s of work is undone, and nobody else's work",
      source: "postgres-sessions",
    },
    ...overrides,
  };
}

export function aFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: "blocked-by-idle-transaction",
    key: "blocked-by-idle-transaction:4242",
    category: "locks",
    severity: "P1",
    confidence: 0.95,
    summary: "Session 4242 (billing-worker) has been idle in transaction for 8 min and blocks 46 sessions.",
    evidence: [
      { source: "postgres-blocking", says: "46 sessions wait behind pid 4242, the longest for 7 min 41 s" },
      {
        source: "postgres-sessions",
        says: "pid 4242: idle in transaction since 13:55:26 UTC, client 10.0.4.17",
      },
      { source: "postgres-connections", says: "61 of 100 connections in use; 47 belong to order-api" },
      { source: "DatabaseConnections", says: "connections rose from 18 to 61 within 8 min" },
    ],
    explains: ["connections-near-limit"],
    explainedBy: [],
    actions: [
      aProposal(),
      aProposal({
        id: "cancel-query",
        spec: ["A1"],
        risk: "safe",
        preview: "SELECT pg_cancel_backend(4242);",
        describes: "the statement of app billing-worker, pid 4242",
        consequence: "It runs no statement: a cancel changes nothing.",
        frees: null,
        automatic: false,
      }),
    ],
    ...overrides,
  };
}

export function aDiagnosis(overrides: Partial<DiagnosisSummary> = {}): DiagnosisSummary {
  return {
    evidenceId: "inc-7f3a/1",
    diagnosedAt: secondsLater(2),
    headline: "Session 4242 (billing-worker) has been idle in transaction for 8 min and blocks 46 sessions.",
    severity: "P1",
    confidence: 0.95,
    rootCauses: [aFinding()],
    symptoms: [
      {
        key: "connections-near-limit",
        summary: "61 of 100 connections are in use, three times the usual number",
      },
      {
        key: "long-running-query",
        summary: "12 statements have run for more than 60 s: all wait for row locks on orders",
      },
    ],
    missing: ["Statement statistics: pg_stat_statements is not installed"],
    verdict: "unwell",
    connected: true,
    unreachable: false,
    ...overrides,
  };
}
