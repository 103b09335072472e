import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type FailoverRun, failoverRunSchema } from "../../../core/contract/failover.ts";
import { ConflictError } from "../../../core/errors.ts";
import { isOpen } from "../../../core/failover/is-open.ts";
import type { RunStore } from "../../../core/failover/ports.ts";
import type { Clock, Ids } from "../../../core/ports.ts";
import { absent, openTable, parseBody } from "../dynamo-table.ts";

const always = { expression: "attribute_not_exists(pk) OR attribute_exists(pk)" };
const openSchema = z.object({ runId: z.string(), at: z.number() });

/** So long after its mark was made a run may still be about to be written down for the first time. */
const beginsWithinMs = 3_600_000;

/**
 * Runs of failovers in the table of the incidents; kept, as incidents are: they are the audit of what was done to the
 * writer.
 *
 * | pk | sk | |
 * |---|---|---|
 * | FAILOVER#id | STATE | the run, with `revision` |
 * | FAILOVER | OPEN#id | somebody has to see to it; written before the run and deleted after it, so that none is missed |
 */
export function createDynamoRunStore({
  client,
  table: name,
  ids,
  clock,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly ids: Ids;
  readonly clock: Clock;
}): RunStore {
  const table = openTable(client, name, ids);
  const marked = new Set<string>();
  const get: RunStore["get"] = async (id) => {
    const item = await table.get(runKey(id));
    return item === null ? null : parseBody(item, failoverRunSchema);
  };
  const unmark = async (id: string): Promise<void> => {
    marked.delete(id);
    await table.documents.send(new DeleteCommand({ TableName: name, Key: openKey(id) }));
  };
  /** One that cannot be read is open: what ails it is told by whoever sees to it. */
  const stands = async ({ runId, at }: z.infer<typeof openSchema>): Promise<boolean> => {
    const item = await table.get(runKey(runId));
    if (item === null) return clock.now() - at < beginsWithinMs;
    try {
      return isOpen(parseBody(item, failoverRunSchema));
    } catch {
      return true;
    }
  };
  return {
    get,
    save: async (run) => {
      const raised = { ...run, revision: run.revision + 1 };
      const unchanged =
        run.revision === 0 ? absent : { expression: "revision = :was", values: { ":was": run.revision } };
      if (isOpen(run) && !marked.has(run.id)) {
        await table.putIf({ ...openKey(run.id), runId: run.id, at: clock.now() }, always);
        marked.add(run.id);
      }
      if (!(await table.putIf(itemOf(raised), unchanged))) {
        throw new ConflictError(`run ${run.id} is no longer at revision ${run.revision}`);
      }
      if (!isOpen(run)) await unmark(run.id);
      return raised;
    },
    open: async () => {
      const items = z.array(openSchema).parse(await table.query("FAILOVER", "OPEN#"));
      const open = await Promise.all(items.map(async (item) => ({ ...item, is: await stands(item) })));
      for (const { runId, is } of open) if (!is) await unmark(runId);
      return open.flatMap(({ runId, is }) => (is ? [runId] : []));
    },
  };
}

function runKey(id: string) {
  return { pk: `FAILOVER#${id}`, sk: "STATE" };
}

function openKey(id: string) {
  return { pk: "FAILOVER", sk: `OPEN#${id}` };
}

function itemOf(run: FailoverRun) {
  const { id, revision, group, phase } = run;
  return { ...runKey(id), revision, phase, ...(group === null ? {} : { group }), body: JSON.stringify(run) };
}
