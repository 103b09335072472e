import type { View } from "../../facts/view.ts";
import { type OwnLimitRow, postgresOwnLimitsRows } from "../../probes/postgres/own-limits-rows.ts";
import type { FindingDraft } from "../define.ts";

/** A role or database that has all the connections it may have: the server has room, and its clients are refused. */
export function ownLimitDrafts(view: View): readonly FindingDraft[] {
  return (view.rows(postgresOwnLimitsRows) ?? []).filter(({ used, limit }) => used >= limit).map(draftOf);
}

function draftOf({ of, name, used, limit }: OwnLimitRow): FindingDraft {
  const change = of === "role" ? "ALTER ROLE … CONNECTION LIMIT" : "ALTER DATABASE … CONNECTION LIMIT";
  return {
    subject: `${of}:${name}`,
    severity: "P1",
    confidence: 0.9,
    summary: `${of === "role" ? "Role" : "Database"} ${name} has ${used} of the ${limit} connections that it may have, and is refused more; the server itself has room`,
    evidence: [
      {
        source: postgresOwnLimitsRows.id,
        says: `connection limit of ${of} ${name}: ${limit}, in use ${used}`,
      },
      {
        source: "engine",
        says: `whoever set the limit (${change}) decides whether it is raised, or the application keeps a smaller pool`,
      },
    ],
    explains: [],
    actions: [],
  };
}
