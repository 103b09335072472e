import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type FailoverRun, failoverRunSchema } from "../../../core/contract/failover.ts";
import { ConflictError } from "../../../core/errors.ts";
import type { RunStore } from "../../../core/failover/ports.ts";
import type { Ids } from "../../../core/ports.ts";
import { absent, openTable, parseBody } from "../dynamo-table.ts";

/**
 * Runs of failovers in the table of the incidents, under FAILOVER#id STATE; kept, as incidents are: they are the audit
 * of what was done to the writer.
 */
export function createDynamoRunStore({
  client,
  table: name,
  ids,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly ids: Ids;
}): RunStore {
  const table = openTable(client, name, ids);
  return {
    get: async (id) => {
      const item = await table.get(runKey(id));
      return item === null ? null : parseBody(item, failoverRunSchema);
    },
    save: async (run) => {
      const raised = { ...run, revision: run.revision + 1 };
      const unchanged =
        run.revision === 0 ? absent : { expression: "revision = :was", values: { ":was": run.revision } };
      if (await table.putIf(itemOf(raised), unchanged)) return raised;
      throw new ConflictError(`run ${run.id} is no longer at revision ${run.revision}`);
    },
  };
}

function runKey(id: string) {
  return { pk: `FAILOVER#${id}`, sk: "STATE" };
}

function itemOf(run: FailoverRun) {
  const { id, revision, group, phase } = run;
  return { ...runKey(id), revision, phase, ...(group === null ? {} : { group }), body: JSON.stringify(run) };
}
