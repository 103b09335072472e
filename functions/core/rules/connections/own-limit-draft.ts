import { outsideCapacity } from "../../facts/connection-limit.ts";
import { areKeptOut } from "../../facts/kept-out.ts";
import { areMore } from "../../facts/more-connections.ts";
import { type OwnLimits, ownLimits } from "../../facts/own-limits.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { ownLimitRefusal } from "../../facts/slot-refusals.ts";
import type { View } from "../../facts/view.ts";
import { type OwnLimitRow, postgresOwnLimitsRows } from "../../probes/postgres/own-limits-rows.ts";
import { sentenceCase } from "../../text/sentence-case.ts";
import type { FindingDraft } from "../define.ts";

/** A role or database that has all the connections it may have: the server has room, and its clients are refused. */
export function ownLimitDrafts(view: View): readonly FindingDraft[] {
  const { full, logged } = ownLimits(view);
  return [
    ...full.map((row) => draftOf(row, areKeptOut(view, [ownLimitRefusal]))),
    ...logged.map((refusal) => loggedDraft(view, refusal)),
  ];
}

const fewest = 10;

/** The same with few left: a pool may be as large on purpose, and nobody is refused yet. */
export function ownLimitsNear(view: View): readonly FindingDraft[] {
  const part = view.thresholds.connectionsWarnPercent / 100;
  return (view.rows(postgresOwnLimitsRows) ?? [])
    .filter(({ used, limit }) => limit >= fewest && used < limit && used >= part * limit)
    .map((row) => ({
      ...draftOf({ ...row, refused: false }, false),
      severity: "P3",
      summary: `${row.of === "role" ? "Role" : "Database"} ${row.name} has ${row.used} of the ${row.limit} connections that it may have of its own; whoever comes then is refused, though the server has room`,
    }));
}

/** Without a look inside, by what the log says of those who were refused. */
function loggedDraft(view: View, { whose, says, doubted }: OwnLimits["logged"][number]): FindingDraft {
  const [of = "role"] = whose.split(" ");
  const { used = 1, limit = null } = outsideCapacity(view) ?? {};
  const isNear = limit !== null && (100 * used) / limit >= view.thresholds.connectionsWarnPercent;
  // Who has all that it may have is not what climbs.
  const hasRoom = !isNear && !areMore(view);
  return {
    subject: whose.replaceAll('"', "").replace(" ", ":"),
    severity: areKeptOut(view, [ownLimitRefusal]) ? "P1" : "P2",
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

/** A pool may have as many on purpose, and whoever may have none has been shut out: that somebody is refused says the log. */
function draftOf(
  { of, name, used, limit, refused }: OwnLimits["full"][number],
  keptOut: boolean,
): FindingDraft {
  const who = `${of === "role" ? "Role" : "Database"} ${name}`;
  const has =
    limit === 0
      ? `${who} may have no connection (CONNECTION LIMIT 0), and somebody still comes`
      : `${who} has ${used} of the ${limit} connections that it may have${refused ? ", and is refused more" : ": whoever comes then is refused"}`;
  return {
    subject: `${of}:${name}`,
    severity: refused && (limit > 0 || keptOut) ? "P1" : "P2",
    confidence: 0.9,
    summary: `${has}; the server itself has room`,
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
