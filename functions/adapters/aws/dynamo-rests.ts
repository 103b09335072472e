import * as z from "zod";
import type { Clock, IncidentStore } from "../../core/ports.ts";
import { incidentKey } from "./dynamo-group-lock.ts";
import type { Table } from "./dynamo-table.ts";

const keepSeconds = 7 * 86_400;
const restSchema = z.object({ taskToken: z.string() });

/** By whom a resting machine is woken. A token lies nowhere but here and in the machine itself. */
export function restsIn(table: Table, clock: Clock): Pick<IncidentStore, "putRest" | "getRest"> {
  const keyOf = (incidentId: string) => ({ pk: incidentKey(incidentId).pk, sk: "REST" });
  return {
    putRest: async (incidentId, taskToken) => {
      const ttl = Math.floor(clock.now() / 1000) + keepSeconds;
      await table.putIf({ ...keyOf(incidentId), taskToken, ttl }, always);
    },
    getRest: async (incidentId) => {
      const item = await table.get(keyOf(incidentId));
      return item === null ? null : restSchema.parse(item).taskToken;
    },
  };
}

/** The newest rest is the one that can be ended. */
const always = { expression: "attribute_not_exists(pk) OR attribute_exists(pk)" };
