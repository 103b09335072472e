import type { Databases, SqlSession } from "../../../functions/core/ports.ts";

export interface Interruptions {
  /** Runs just before the acting statement, after everything was judged: where a race is lost. */
  readonly beforeActing?: () => Promise<void>;
  /** The same before the terminate that follows a cancel, and before each look at the session. */
  readonly beforeTerminating?: () => Promise<void>;
  readonly beforeLook?: () => Promise<void>;
}

/** Everything is judged on the real server; then the world changes; then the acting statement arrives. */
export function interrupted(databases: Databases, options: Interruptions): Databases {
  return {
    connect: async (...args) => {
      const connected = await databases.connect(...args);
      if (connected.kind !== "connected") return connected;
      const once = [
        { change: options.beforeActing, at: /pg_\w+_backend\(a|CALL mysql|KILL|LIMIT 1$/ },
        { change: options.beforeTerminating, at: /pg_terminate_backend\(a/ },
      ];
      const changed = new Set<RegExp>();
      const session: SqlSession = {
        ...connected.session,
        query: async (statement, signal) => {
          if (/sameSession/.test(statement.sql)) await options.beforeLook?.();
          for (const { change, at } of once) {
            if (change === undefined || changed.has(at) || !at.test(statement.sql)) continue;
            changed.add(at);
            await change();
          }
          return connected.session.query(statement, signal);
        },
      };
      return { ...connected, session };
    },
  };
}
