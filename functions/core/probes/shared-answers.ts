import { SqlError, type SqlErrorKind } from "../errors.ts";
import type { SqlRow, SqlStatement } from "../ports.ts";

type Rows = readonly SqlRow[];
type Outcome = { readonly rows: Rows } | { readonly error: unknown; readonly again: boolean };

/** `send` is called when nobody has asked this statement yet. */
export type SharedAnswers = (statement: SqlStatement, send: () => Promise<Rows>) => Promise<Rows>;

/**
 * One answer for all probes that send the same statement within one look and tier: it costs the database once, and
 * every probe speaks of the same moment. A refusal is shared as well, so that each probe says it with its own grants.
 *
 * What took too long is asked once more by the next probe: MariaDB copies its lock tables before it lists them, and
 * answers the second time out of that copy. Any other refusal that may pass is asked once more at once: it would
 * leave every probe of the tier without an answer.
 */
export function sharedAnswers(): SharedAnswers {
  const outcomes = new Map<string, Outcome>();
  return async (statement, send) => {
    const key = JSON.stringify([statement.sql, statement.params ?? []]);
    const known = outcomes.get(key);
    if (known && "rows" in known) return known.rows;
    if (known && !known.again) throw known.error;
    try {
      const rows = await sendPatiently(send);
      outcomes.set(key, { rows });
      return rows;
    } catch (error) {
      const again = known === undefined && error instanceof SqlError && error.kind === "timeout";
      outcomes.set(key, { error, again });
      throw error;
    }
  };
}

const lasting: ReadonlySet<SqlErrorKind> = new Set([
  "permission",
  "missing-object",
  "timeout",
  "connection-lost",
]);

async function sendPatiently(send: () => Promise<Rows>): Promise<Rows> {
  try {
    return await send();
  } catch (error) {
    if (!mayPass(error)) throw error;
    return await send();
  }
}

/** A recovery conflict on a reader (40001), a table that is being swapped: not the same a moment later. */
function mayPass(error: unknown): boolean {
  return error instanceof SqlError && !lasting.has(error.kind);
}

/** For statements whose answer belongs to the moment they are sent, or to what was sent before them. */
export const askAlone: SharedAnswers = (_statement, send) => send();
