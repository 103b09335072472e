import * as z from "zod";
import type { Target } from "../../../functions/core/contract/target.ts";
import type { Clock, SqlRow, SqlSession, SqlStatement } from "../../../functions/core/ports.ts";
import { defineProbe, type Probe, type ProbeContext } from "../../../functions/core/probes/define.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";

export const target: Target = {
  schema: "target.v1",
  name: "db-1",
  group: "db-1",
  engine: "postgres",
  flavour: "rds",
  engineVersion: "17.10",
  host: "db-1.example",
  port: 5432,
  database: null,
  role: "writer",
  clusterId: null,
  resourceId: null,
  instanceClass: null,
  accountId: null,
  region: null,
  tags: {},
};

export const server = { engine: "postgres", version: "17.10", major: 17, backendId: 7 } as const;
export const context: ProbeContext = { target, server, settings: defaultSettings };

/** Answers by the statement's text. */
export function fakeSession(
  answer: (statement: SqlStatement) => readonly SqlRow[] | Promise<readonly SqlRow[]>,
): SqlSession & { readonly asked: string[]; closed: boolean } {
  const asked: string[] = [];
  return {
    server,
    asked,
    closed: false,
    async query(statement) {
      asked.push(statement.sql);
      return await answer(statement);
    },
    async begin(statement) {
      asked.push(statement.sql);
      await answer(statement);
      return "ended";
    },
    async limit() {},
    async close() {
      this.closed = true;
    },
  };
}

/** Moves on only when asked to sleep, or by `perReading` at every look. */
export function steppingClock(perReading = 0): Clock & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => {
      now += perReading;
      return now;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

const rowSchema = z.object({ n: z.number() });

export function probe(
  id: string,
  overrides: Partial<Probe<string, { n: number }>> = {},
): Probe<string, { n: number }> {
  return defineProbe({
    id,
    spec: ["P1"],
    title: `What is ${id}?`,
    engines: ["postgres"],
    tier: "immediate",
    cost: "none",
    needs: [],
    row: rowSchema,
    maxRows: 10,
    source: "https://example.com",
    statements: () => [{ sql: id }],
    read: ([rows = []]) => z.array(rowSchema).parse(rows),
    ...overrides,
  });
}
