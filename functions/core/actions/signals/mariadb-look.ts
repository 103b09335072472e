import type { SqlStatement } from "../../ports.ts";
import { queryIdOf } from "./mariadb-signal.ts";
import { mariadbAdministrator } from "./mysql-administrator.ts";
import { askAdministrator, askMariadbNamedLocks, mysqlLook } from "./processlist-look.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Looks } from "./signals.ts";

function look(input: SessionTarget): SqlStatement {
  const query = queryIdOf(input);
  const same = query === null ? "NULL" : "p.QUERY_ID = ?";
  return mysqlLook(input.sessionId, input.sessionKey, {
    sameStatement: same,
    // A session that has run nothing since is in the same transaction; more cannot be told.
    sameTransaction: same,
    sameIdle: same,
    lastText: "NULL",
    cut: "NULL",
    joins: "",
    params: query === null ? [] : [query, query, query],
  });
}

export const mariadbLooks: Looks = {
  look,
  askAdministrator: (input) => askAdministrator(mariadbAdministrator, input),
  askNamedLocks: askMariadbNamedLocks,
  askTemporary: () => null,
  // Its transactions are never ended unasked: session-guards.ts.
  askNotUndone: () => null,
  // Whose they are it does not say; a statement that was seen is no XA PREPARE, which nobody is proposed for.
  askPrepared: ({ query }) => (query === null ? { sql: "XA RECOVER" } : null),
};
