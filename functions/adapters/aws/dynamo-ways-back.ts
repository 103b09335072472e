import { type WayBackNote, type WayBackStore, wayBackNoteSchema } from "../../core/contract/way-back.ts";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/ports.ts";
import { reopen } from "./dynamo-group-lock.ts";
import { parseBody, type Table } from "./dynamo-table.ts";

/** All in one partition: the sweep finds them by a query of it. */
const partition = "WAYS-BACK";
const keepSeconds = 30 * 86_400;

export function waysBackIn(table: Table, log: Log): WayBackStore {
  return {
    reopen: (custody) => reopen(table, custody),
    putWayBack: async (note) => {
      await table.putIf(itemOf(note), {
        expression: "attribute_not_exists(pk) OR tries = :none",
        values: { ":none": 0 },
      });
    },
    wayBacks: async () => (await table.query(partition, "NOTE#")).flatMap((item) => readable(item, log)),
    replaceWayBack: (before, after) =>
      table.putIf(itemOf(after), { expression: "body = :was", values: { ":was": textOf(before) } }),
  };
}

/** One that is not what belongs there would otherwise fail the sweep for all. */
function readable(item: unknown, log: Log): readonly WayBackNote[] {
  try {
    return [parseBody(item, wayBackNoteSchema)];
  } catch (error) {
    log.error("way-back.unreadable", { reason: messageOf(error) });
    return [];
  }
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
