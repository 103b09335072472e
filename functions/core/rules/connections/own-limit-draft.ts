import { outsideCapacity } from "../../facts/connection-limit.ts";
import { areMore } from "../../facts/more-connections.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { ownLimitRefusals } from "../../facts/slot-refusals.ts";
import type { View } from "../../facts/view.ts";
import { type OwnLimitRow, postgresOwnLimitsRows } from "../../probes/postgres/own-limits-rows.ts";
import { sentenceCase } from "../../text/sentence-case.ts";
import type { FindingDraft } from "../define.ts";

/** A role or database that has all the connections it may have: the server has room, and its clients are refused. */
export function ownLimitDrafts(view: View): readonly FindingDraft[] {
  const refusals = ownLimitRefusals(view);
  const rows = view.rows(postgresOwnLimitsRows);
  const namedAs = ({ of, name }: OwnLimitRow): string => `${of} "${name}"`;
  const refused = refusals.map(({ whose }) => whose);
  // Whoever may have none was shut out on purpose, unless it still comes.
  const full = (rows ?? []).filter(
    (row) => row.used >= row.limit && (row.limit > 0 || refused.includes(namedAs(row))),
  );
  // Who was refused a moment ago may have one less just now; who is not among all with a limit has none any more.
  const isWhole = rows !== null && rows.length < mostListed;
  const busy = (rows ?? []).filter(({ used, limit }) => 2 * used >= limit).map(namedAs);
  const told = full.map(namedAs);
  return [
    ...full.map((row) => draftOf(row, refused.includes(namedAs(row)))),
    ...refusals
      .filter(({ whose }) => !told.includes(whose) && (!isWhole || busy.includes(whose)))
      .map((refusal) => loggedDraft(view, refusal)),
  ];
}

/** What the probe brings at the most. */
const mostListed = 10;
const fewest = 10;

/** The same with few left: a pool may be as large on purpose, and nobody is refused yet. */
export function ownLimitsNear(view: View): readonly FindingDraft[] {
  const part = view.thresholds.connectionsWarnPercent / 100;
  return (view.rows(postgresOwnLimitsRows) ?? [])
    .filter(({ used, limit }) => limit >= fewest && used < limit && used >= part * limit)
    .map((row) => ({
      ...draftOf(row, false),
      severity: "P3",
      summary: `${row.of === "role" ? "Role" : "Database"} ${row.name} has ${row.used} of the ${row.limit} connections that it may have of its own; whoever comes then is refused, though the server has room`,
    }));
}

/** Without a look inside, by what the log says of those who were refused. */
function loggedDraft(
  view: View,
  { whose, says, doubted }: ReturnType<typeof ownLimitRefusals>[number],
): FindingDraft {
  const [of = "role"] = whose.split(" ");
  const { used = 1, limit = null } = outsideCapacity(view) ?? {};
  const isNear = limit !== null && (100 * used) / limit >= view.thresholds.connectionsWarnPercent;
  // Who has all that it may have is not what climbs.
  const hasRoom = !isNear && !areMore(view);
  return {
    subject: whose.replaceAll('"', "").replace(" ", ":"),
    severity: "P2",
    confidence: fromOutside(view, doubted ? 0.4 : 0.9),
    summary: `${sentenceCase(whose.replaceAll('"', ""))} has all the connections that it may have, and is refused more${doubted ? ", by lines of the log that a client may have written" : ""}: ${says}${hasRoom ? "; the server itself may have room" : ""}; how many it may have could not be seen`,
    evidence: [
      { source: "error log", says: `too many connections for ${whose}` },
      {
        source: "engine",
        says: `who has them, by whoever gets in: SELECT application_name, client_addr, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3; ${whoDecides(of === "database" ? "database" : "role")}`,
      },
    ],
    // How many it may have is not known: of a server that is nearly full it is one of many.
    explains: hasRoom ? [{ cause: "connections-near-limit", because: "it keeps all that it may have" }] : [],
    actions: [],
  };
}

function whoDecides(of: OwnLimitRow["of"]): string {
  const change = of === "role" ? "ALTER ROLE … CONNECTION LIMIT" : "ALTER DATABASE … CONNECTION LIMIT";
  return `whoever set the limit (${change}) decides whether it is raised, or the application keeps a smaller pool`;
}

/** A pool may have as many on purpose: that somebody is refused says the log. */
function draftOf({ of, name, used, limit }: OwnLimitRow, refused: boolean): FindingDraft {
  return {
    subject: `${of}:${name}`,
    severity: refused ? "P1" : "P2",
    confidence: 0.9,
    summary: `${of === "role" ? "Role" : "Database"} ${name} has ${used} of the ${limit} connections that it may have${refused ? ", and is refused more" : ": whoever comes then is refused"}; the server itself has room`,
    evidence: [
      {
        source: postgresOwnLimitsRows.id,
        says: `connection limit of ${of} ${name}: ${limit}, in use ${used}`,
      },
      { source: "engine", says: whoDecides(of) },
    ],
    explains: [],
    actions: [],
  };
}
