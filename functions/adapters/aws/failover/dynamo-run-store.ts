import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type FailoverRun, failoverRunSchema } from "../../../core/contract/failover.ts";
import { ConflictError, messageOf } from "../../../core/errors.ts";
import { isOpen } from "../../../core/failover/is-open.ts";
import type { OpenRun, RunStore } from "../../../core/failover/ports.ts";
import type { Clock, Ids } from "../../../core/ports.ts";
import { absent, type Condition, openTable, parseBody, type Table } from "../dynamo-table.ts";

const openSchema = z.object({ runId: z.string(), at: z.number(), mark: z.string() });
type Open = z.infer<typeof openSchema>;

/** So long after its mark was made a run may still be about to be written down for the first time. */
const beginsWithinMs = 3_600_000;
/** Whoever redrives a run writes its mark first: so young it may be of one whose run does not say so yet. */
const youngMs = 60_000;

/**
 * Runs of failovers in the table of the incidents; kept, as incidents are: they are the audit of what was done to the
 * writer.
 *
 * | pk | sk | |
 * |---|---|---|
 * | FAILOVER#id | STATE | the run, with `revision`; isOpen: its mark stands |
 * | FAILOVER | OPEN#id | somebody has to see to it; written before the run and deleted after it, so that none is missed |
 *
 * Whether the mark stands is written in the run and remembered by nobody: another process may have ended it since. Of a
 * mark that is deleted it is the one that was read: who redrives the run in this moment writes a new one.
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
  const get: RunStore["get"] = async (id) => {
    const item = await table.get(runKey(id));
    return item === null ? null : parseBody(item, failoverRunSchema);
  };
  /** One that cannot be read is open: what ails it is told by whoever sees to it. Null: it stands no more. */
  const stands = async ({ runId: id, at }: Open): Promise<OpenRun | null> => {
    const item = await table.get(runKey(id));
    if (item === null) return clock.now() - at < beginsWithinMs ? { id, run: null } : null;
    try {
      const run = parseBody(item, failoverRunSchema);
      return isOpen(run) ? { id, run } : null;
    } catch (error) {
      return { id, run: null, unreadable: { says: messageOf(error), ...leftBy(item, at) } };
    }
  };
  const standing: RunStore["standing"] = async () => {
    const items = z.array(openSchema).parse(await table.query("FAILOVER", "OPEN#"));
    const open = await Promise.all(items.map(async (item) => ({ ...item, is: await stands(item) })));
    const stale = open.filter(({ is, at }) => is === null && clock.now() - at >= youngMs);
    for (const item of stale) await unmark(table, item);
    return open.flatMap(({ is }) => is ?? []);
  };
  /** Most saves find the mark of the one before, and write once. */
  const saveOpen = async (run: FailoverRun, was: number): Promise<boolean> => {
    if (was > 0 && (await table.putIf(itemOf(run), marked(was)))) return true;
    await table.putIf({ ...openKey(run.id), runId: run.id, at: clock.now() }, always);
    return table.putIf(itemOf(run), unchanged(was));
  };
  const saveEnded = async (run: FailoverRun, was: number): Promise<boolean> => {
    const mark = openSchema.safeParse(await table.get(openKey(run.id))).data;
    if (!(await table.putIf(itemOf(run), unchanged(was)))) return false;
    if (mark !== undefined) await unmark(table, mark);
    return true;
  };
  return {
    get,
    save: async (run) => {
      const raised = { ...run, revision: run.revision + 1 };
      const saved = await (isOpen(run) ? saveOpen : saveEnded)(raised, run.revision);
      if (!saved) throw new ConflictError(`run ${run.id} is no longer at revision ${run.revision}`);
      return raised;
    },
    standing,
    open: async () => (await standing()).map(({ id }) => id),
  };
}

const always = { expression: "attribute_not_exists(pk) OR attribute_exists(pk)" };

function unchanged(was: number): Condition {
  return was === 0 ? absent : { expression: "revision = :was", values: { ":was": was } };
}

function marked(was: number): Condition {
  return {
    expression: "revision = :was AND isOpen = :open",
    values: { ":was": was, ":open": "yes" },
  };
}

/** Another mark that stands there by now is of somebody who goes on with it. */
async function unmark({ documents, name }: Table, { runId, mark }: Open): Promise<void> {
  try {
    await documents.send(
      new DeleteCommand({
        ...{ TableName: name, Key: openKey(runId), ConditionExpression: "mark = :mark" },
        ExpressionAttributeValues: { ":mark": mark },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

const leftSchema = z.object({
  oldResource: z.string().nullable().catch(null),
  phase: z.string().catch(""),
  phaseSince: z.number().catch(0),
  driver: z.object({ at: z.number() }).nullable().catch(null),
});

/** What of a run that is otherwise not to be read bears on others. `marked`: when it was first open. */
function leftBy(item: unknown, marked: number): Omit<NonNullable<OpenRun["unreadable"]>, "says"> {
  try {
    const { oldResource, phase, phaseSince, driver } = parseBody(item, leftSchema);
    const wroteAt = Math.max(marked, phaseSince, driver?.at ?? 0);
    return { oldResource, ended: phase === "ended", wroteAt };
  } catch {
    return { oldResource: null, ended: false, wroteAt: marked };
  }
}

function runKey(id: string) {
  return { pk: `FAILOVER#${id}`, sk: "STATE" };
}

function openKey(id: string) {
  return { pk: "FAILOVER", sk: `OPEN#${id}` };
}

function itemOf(run: FailoverRun) {
  const { id, revision, group, phase } = run;
  const open = isOpen(run) ? { isOpen: "yes" } : {};
  return {
    ...{ ...runKey(id), revision, phase, ...open, body: JSON.stringify(run) },
    ...(group === null ? {} : { group }),
  };
}
