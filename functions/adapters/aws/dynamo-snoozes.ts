import { noSnoozes, snoozesSchema } from "../../core/contract/snooze.ts";
import type { IncidentStore } from "../../core/ports.ts";
import { absent, parseBody, type Table } from "./dynamo-table.ts";

const key = { pk: "SNOOZES", sk: "STATE" };

/** One item for all of them: few databases are snoozed at a time, and what has ended goes with the next write. */
export function snoozesIn(table: Table): Pick<IncidentStore, "snoozes" | "saveSnoozes"> {
  return {
    snoozes: async () => {
      const item = await table.get(key);
      return item === null ? noSnoozes : parseBody(item, snoozesSchema);
    },
    saveSnoozes: (snoozes) => {
      const revision = snoozes.revision + 1;
      return table.putIf(
        { ...key, revision, body: JSON.stringify({ ...snoozes, revision }) },
        snoozes.revision === 0
          ? absent
          : { expression: "revision = :was", values: { ":was": snoozes.revision } },
      );
    },
  };
}
