import type { Databases, SqlSession } from "../../functions/core/ports.ts";

/** One statement as it was asked and answered. */
export interface Asked {
  readonly sql: string;
  readonly ms: number;
  readonly rows: number;
  /** Of the rows as JSON: about what came over the wire. */
  readonly bytes: number;
}

export interface WatchedDatabases {
  readonly databases: Databases;
  /** Of the last connection, in the order they were asked. */
  asked(): readonly Asked[];
  /** Statements that setting up the last session took, by the server's own count; null where it keeps none. */
  setUp(): number | null;
}

/** Databases that keep a list of what is asked of them. */
export function watchedDatabases(databases: Databases): WatchedDatabases {
  let asked: Asked[] = [];
  let setUp: number | null = null;
  return {
    asked: () => asked,
    setUp: () => setUp,
    databases: {
      async connect(target, options, signal) {
        const result = await databases.connect(target, options, signal);
        if (result.kind !== "connected") return result;
        asked = [];
        setUp = await questionsSoFar(result.session);
        return { ...result, session: watched(result.session, (each) => asked.push(each)) };
      },
    },
  };
}

function watched(session: SqlSession, tell: (asked: Asked) => void): SqlSession {
  return {
    ...session,
    async query(statement, signal) {
      const started = performance.now();
      const rows = await session.query(statement, signal);
      const ms = performance.now() - started;
      tell({ sql: statement.sql, ms, rows: rows.length, bytes: JSON.stringify(rows).length });
      return rows;
    },
  };
}

async function questionsSoFar(session: SqlSession): Promise<number | null> {
  if (session.server.engine === "postgres") return null;
  const [row] = await session.query({ sql: "SHOW SESSION STATUS LIKE 'Questions'" });
  return Number(row?.["Value"]) - 1;
}
