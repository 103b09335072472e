import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createMemoryContext } from "../../functions/adapters/memory/memory-context.ts";
import { createMemoryMetrics } from "../../functions/adapters/memory/memory-metrics.ts";
import { createMemoryRdsChanges } from "../../functions/adapters/memory/memory-rds-changes.ts";
import type { MetricQuery } from "../../functions/core/ports.ts";
import { decideApproval } from "../../functions/core/respond/decide-approval.ts";
import { aMember, aTopology } from "../support/context-builder.ts";
import { aChangeable, changeableTarget, validStorage } from "../support/rds-builder.ts";
import { createResponderLab, type ResponderLabProps } from "../support/responder-lab.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { alarmEvent } from "./support.ts";

const gib = 1024 ** 3;
export const approvers = ["U0DANA01", "U0BENE02"];

/**
 * orders-db, which nobody can sign in to and whose storage runs full; RDS carries out what is sent to it when the machine
 * waits for the third time.
 */
export function fullStorageLab(
  definition: object,
  {
    tags = changeableTarget.tags,
    ...props
  }: Partial<ResponderLabProps> & { tags?: Record<string, string> } = {},
) {
  const clock = createSkippingClock();
  const chat = createMemoryChat({ clock });
  const rds = createMemoryRdsChanges({ clock, databases: [aChangeable()], valid: validStorage });
  const sizeGib = (): number => Number(rds.databases[0]?.has["AllocatedStorage"] ?? 0);
  const context = createMemoryContext({
    "orders-db": {
      get topology() {
        const storage = aMember().storage;
        const grown = storage === null ? null : { ...storage, allocatedGib: sizeGib() };
        return aTopology({ members: [aMember({ resourceId: "db-ORDERS", storage: grown })] });
      },
    },
  });
  let waits = 0;
  const lab = createResponderLab({
    definition,
    targets: [{ ...changeableTarget, tags }],
    databases: { connect: () => Promise.reject(new Error("nobody is to sign in")) },
    settings: {
      policy: { approvers, modes: { disruptive: "approve", irreversible: "approve" } },
      watch: { healthySeconds: 60 },
    },
    ...{ chat, clock, context, rdsChanges: rds },
    ids: createCountingIds(),
    random: () => 0,
    log: createCollectingLog(),
    metrics: createMemoryMetrics((query, from, to) => seriesOf(query, from, to, sizeGib() - 98)),
    onWatch: (seconds) => {
      clock.skip(seconds * 1000);
      waits += 1;
      if (rds.sent.length > 0 && waits > 2) rds.settle();
      if (waits > 40) void lab.stop();
    },
    onRest: async (seconds) => {
      const incident = await lab.deps.incidents.get(lab.workflow.starts[0]?.name ?? "");
      const asked = incident?.actions.find(({ status }) => status === "awaiting-approval");
      for (const by of approvers) {
        if (asked?.approvalId)
          await decideApproval({ approvalId: asked.approvalId, decision: "approve", by }, lab.deps);
      }
      if (asked === undefined) clock.skip(seconds * 1000);
      waits += 1;
      if (waits > 40) void lab.stop();
    },
    ...props,
  });
  const respond = async () => {
    await lab.intake(alarmEvent("orders-db"));
    await lab.workflow.idle();
    const id = lab.workflow.starts[0]?.name ?? "";
    return { incident: await lab.deps.incidents.get(id), audit: await lab.deps.incidents.audit(id) };
  };
  return { ...lab, rds, chat, respond };
}

function seriesOf(query: MetricQuery, from: number, to: number, freeGib: number) {
  if (query.name !== "FreeStorageSpace") return { missing: "nobody measures it here" };
  const { namespace, name: id, statistic, periodSeconds, dimensions } = query;
  const points = [];
  for (let at = from; at < to; at += periodSeconds * 1000)
    points.push({ at: new Date(at).toISOString(), value: freeGib * gib });
  return { id, namespace, statistic, periodSeconds, dimensions, unit: "Bytes", points };
}
