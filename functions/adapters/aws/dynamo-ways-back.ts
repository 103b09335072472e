import { type WayBackNote, type WayBackStore, wayBackNoteSchema } from "../../core/contract/way-back.ts";
import { reopen } from "./dynamo-group-lock.ts";
import { parseBody, type Table } from "./dynamo-table.ts";

/** All in one partition: the sweep finds them by a query of it. */
const partition = "WAYS-BACK";
const keepSeconds = 30 * 86_400;

export function waysBackIn(table: Table): WayBackStore {
  return {
    reopen: (custody) => reopen(table, custody),
    putWayBack: async (note) => {
      await table.putIf(itemOf(note), {
        expression: "attribute_not_exists(pk) OR tries = :none",
        values: { ":none": 0 },
      });
    },
    wayBacks: async () =>
      (await table.query(partition, "NOTE#")).map((item) => parseBody(item, wayBackNoteSchema)),
    replaceWayBack: (before, after) =>
      table.putIf(itemOf(after), { expression: "body = :was", values: { ":was": textOf(before) } }),
  };
}

/** What is compared has one order of its parts, whoever made it. */
function textOf(note: WayBackNote): string {
  return JSON.stringify(wayBackNoteSchema.parse(note));
}

function itemOf(note: WayBackNote) {
  return {
    ...{ pk: partition, sk: `NOTE#${note.incidentId}#${note.orderId}`, tries: note.tries },
    ttl: Math.floor(Date.parse(note.until) / 1000) + keepSeconds,
    body: textOf(note),
  };
}
