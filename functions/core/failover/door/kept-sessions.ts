import type { Target } from "../../contract/target.ts";
import type { Clock, SqlSession } from "../../ports.ts";

/** One session a node between looks; whoever uses it has it alone. */
export interface KeptSessions {
  /** Null: none is there, or it is too old. */
  take(target: Target): SqlSession | null;
  /** Closed where there is one already, or there are too many. */
  keep(target: Target, session: SqlSession): Promise<void>;
  close(): Promise<void>;
}

interface Kept {
  readonly session: SqlSession;
  readonly since: number;
}

/** A failover waits for RDS; a session of a minute ago may be one to a host that has left the name since. */
const longestMs = 60_000;
const mostKept = 16;

export function createKeptSessions(clock: Pick<Clock, "now">): KeptSessions {
  const kept = new Map<string, Kept>();
  const opened = new WeakMap<SqlSession, number>();
  return {
    take: (target) => {
      const found = kept.get(keyOf(target)) ?? null;
      kept.delete(keyOf(target));
      if (found === null) return null;
      if (clock.now() - found.since < longestMs) return found.session;
      void found.session.close().catch(() => undefined);
      return null;
    },
    keep: async (target, session) => {
      const since = opened.get(session) ?? clock.now();
      opened.set(session, since);
      if (kept.has(keyOf(target)) || kept.size >= mostKept) await session.close();
      else kept.set(keyOf(target), { session, since });
    },
    close: async () => {
      const all = [...kept.values()];
      kept.clear();
      await Promise.all(all.map(({ session }) => session.close().catch(() => undefined)));
    },
  };
}

function keyOf({ engine, host, port }: Target): string {
  return `${engine}://${host}:${port}`;
}
