import type { Severity } from "../../contract/finding.ts";
import { largestHolders } from "../../facts/connection-families.ts";
import { percentText } from "../../facts/rds-facts.ts";
import {
  accountRefusals,
  type ServerLimit,
  serverLimits,
  tableCacheThrash,
} from "../../facts/server-limits.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { mysqlLimitsRows } from "../../probes/mysql/limits/rows.ts";
import { setMysqlParameter } from "../../remedies/mysql-parameter-remedies.ts";
import { raiseServerLimit } from "../../remedies/server-limit-remedies.ts";
import { duration, grouped, plural } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const source = mysqlLimitsRows.id;
const nearPercent = 80;
const almostPercent = 95;
/** What was refused longer ago is over. */
const recentSeconds = 15 * 60;

const words: Readonly<Record<ServerLimit["name"], { readonly used: string; readonly full: string }>> = {
  max_prepared_stmt_count: { used: "prepared statements are open", full: "PREPARE fails with 1461" },
  open_files_limit: { used: "files are open", full: "tables cannot be opened" },
  max_user_connections: {
    used: "connections of one user are open",
    full: "its next connection fails with 1203",
  },
  max_connect_errors: {
    used: "connect errors were counted",
    full: "the host is blocked and gets error 1129",
  },
};

/** Limits that the server keeps by itself (MySQL, MariaDB). */
export function serverLimitDrafts(view: View): readonly FindingDraft[] {
  const limits = (serverLimits(view) ?? []).filter(({ used, max }) => used * 100 >= max * nearPercent);
  return [...limits.map((limit) => limitDraft(view, limit)), ...accountDraft(view), ...thrashDraft(view)];
}

function limitDraft(view: View, limit: ServerLimit): FindingDraft {
  const { name, of, used, max, refused, takenBy } = limit;
  const { used: what, full } = words[name];
  const whose = of === null ? "" : ` (${of})`;
  return {
    subject: of === null ? name : `${name}:${of}`,
    severity: severityOf(limit),
    confidence: 0.95,
    summary: `${name} ${used >= max ? "is reached" : "is nearly reached"}: ${grouped(used)} of ${grouped(max)} ${what}${whose}${used >= max ? `, and ${full}` : ""}`,
    evidence: [
      { source, says: `${percentText((100 * used) / max)} of ${name}` },
      ...(refused === null || refused.count === 0 ? [] : [{ source, says: refusedText(refused) }]),
      ...(takenBy === null ? [] : [{ source, says: takenBy }]),
    ],
    explains:
      name === "max_prepared_stmt_count" || name === "open_files_limit"
        ? [{ cause: "error-storm", because: full }]
        : [{ cause: "auth-failures", because: full }],
    actions: raiseServerLimit(view, limit),
  };
}

function refusedText({ count, secondsAgo }: NonNullable<ServerLimit["refused"]>): string {
  const when =
    secondsAgo === null ? "" : `, the last ${secondsAgo < 1 ? "just now" : `${duration(secondsAgo)} ago`}`;
  return `refused ${grouped(count)} times since the start${when}`;
}

/** Reached and nobody refused of late: the next one is. Not counted is taken for refused. */
function severityOf({ used, max, refused }: ServerLimit): Severity {
  if (used < max) return used * 100 >= max * almostPercent ? "P2" : "P3";
  if (refused === null) return "P1";
  const recent = refused.secondsAgo === null || refused.secondsAgo <= recentSeconds;
  return refused.count > 0 && recent ? "P1" : "P2";
}

/** The account's own limit is in mysql.user, which no probe may read; who was refused is counted beside it. */
function accountDraft(view: View): readonly FindingDraft[] {
  const refusals = accountRefusals(view, recentSeconds);
  if (refusals === null) return [];
  const [first, ...others] = refusals.accounts ?? [];
  const who = first === undefined ? "An account" : `Account ${first.user}`;
  const has = first === undefined ? "" : `; ${plural(first.connections, "connection")} of it now`;
  const shown = first === undefined ? "SHOW CREATE USER" : `SHOW CREATE USER for ${first.user}`;
  return [
    {
      subject: "account",
      severity: "P2",
      confidence: first === undefined ? 0.85 : 0.95,
      summary: `${who} has used up a limit of its own (error 1226, ${refusedText(refusals)}${has}): connections or statements per hour or at once, as ${shown} tells; the server itself has room`,
      evidence: [
        { source, says: `1226: ${refusedText(refusals)}` },
        ...others.map(({ user, connections }) => ({
          source,
          says: `refused, too: ${user}, ${plural(connections, "connection")} now`,
        })),
        ...(first === undefined
          ? [{ source, says: `which account could not be seen${mostText(view)}` }]
          : []),
        {
          source: "engine",
          says: "whoever set the limit (ALTER USER … WITH MAX_USER_CONNECTIONS) decides whether it is raised, or the application keeps a smaller pool",
        },
      ],
      explains: [{ cause: "auth-failures", because: "connections beyond an account's limit are refused" }],
      actions: [],
    },
  ];
}

function mostText({ connections }: View): string {
  const [most] = largestHolders(connections ?? []);
  return most === undefined ? "" : `; most connections: ${most}`;
}

function thrashDraft(view: View): readonly FindingDraft[] {
  const thrash = tableCacheThrash(view);
  if (thrash === null) return [];
  const { closedPerSecond, statementsPerSecond, used, max } = thrash;
  return [
    {
      subject: "table_open_cache",
      severity: "P2",
      confidence: 0.75,
      summary: `table_open_cache is too small: ${grouped(used)} of ${grouped(max)} are open, and ${grouped(Math.round(closedPerSecond))} tables a second are closed to open others, at ${grouped(Math.round(statementsPerSecond))} statements`,
      evidence: [
        {
          source: mysqlInnodbRatesRows.id,
          says: `${grouped(Math.round(closedPerSecond))} overflows a second`,
        },
      ],
      explains: [
        { cause: "cpu-saturated", because: "opening a table reads its definition under a global lock" },
      ],
      actions: [
        setMysqlParameter(view, {
          id: "raise-limit",
          name: "table_open_cache",
          value: max * 2,
          was: max,
          consequence:
            "Each open table keeps a file descriptor (open_files_limit has to allow it) and memory; partitions count one by one.",
        }),
      ],
    },
  ];
}
