import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { ServerLimit } from "../facts/server-limits.ts";
import type { View } from "../facts/view.ts";
import { setMysqlParameter } from "./mysql-parameter-remedies.ts";

/** The largest that every version takes. https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_max_prepared_stmt_count */
const mostPrepared = 1_048_576;

/** What lets clients in again; the cause, a client that closes nothing, stays. */
export function raiseServerLimit(view: View, limit: ServerLimit): readonly ProposedAction[] {
  switch (limit.name) {
    case "max_prepared_stmt_count":
      return raised(view, limit, Math.min(mostPrepared, limit.max * 2), preparedCost);
    case "max_user_connections":
      return raised(
        view,
        limit,
        mostOfOneUser(view, limit.max),
        "Lets every user have more of max_connections, which stays as it is; a tenth of it is left to the others.",
      );
    case "max_connect_errors":
      return [unblockHosts(view, limit)];
    case "open_files_limit":
      // Set when the server starts, on RDS by the class: only fewer open tables help.
      return [];
    default:
      return limit.name satisfies never;
  }
}

/** One user that may take all connections locks out the rest, and whoever comes to help. */
function mostOfOneUser(view: View, max: number): number {
  const all = view.server?.maxConnections ?? 0;
  return Math.min(max * 2, Math.floor(all * 0.9));
}

const preparedCost =
  "Each statement keeps memory of the server, and a client that prepares without closing reaches any limit: recycling its connections frees them at once.";

function raised(
  view: View,
  { name, max }: ServerLimit,
  value: number,
  consequence: string,
): ProposedAction[] {
  return value <= max
    ? []
    : [setMysqlParameter(view, { id: "raise-limit", name, value, was: max, consequence })];
}

/**
 * Emptying the table does what FLUSH HOSTS did, which later MySQL has no more; MariaDB keeps the statement.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-host-cache-table.html
 * https://dev.mysql.com/doc/refman/8.0/en/flush.html#flush-hosts
 */
function unblockHosts({ evidence: { target } }: View, { of, max }: ServerLimit): ProposedAction {
  return proposeManual({
    id: "unblock-host",
    spec: ["D4"],
    risk: "safe",
    preview: target.engine === "mariadb" ? "FLUSH HOSTS" : "TRUNCATE TABLE performance_schema.host_cache",
    describes: `let ${of ?? "blocked hosts"} connect again`,
    consequence: `Forgets the connect errors of all hosts. They come from clients that break off while signing in (health checks of a load balancer, a port scan, a bad network): after ${max} more the host is blocked again. A larger max_connect_errors in the parameter group only makes that later.`,
  });
}
