import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createMemoryContext } from "../../functions/adapters/memory/memory-context.ts";
import { createMemoryMetrics } from "../../functions/adapters/memory/memory-metrics.ts";
import { createMemoryRdsChanges } from "../../functions/adapters/memory/memory-rds-changes.ts";
import { scaleInstanceClassOffer } from "../../functions/core/actions/aws/scale-instance-class.ts";
import { firstNote } from "../../functions/core/contract/way-back.ts";
import { groupOf } from "../../functions/core/incident/open-incident.ts";
import { closeIncident } from "../../functions/core/respond/close-incident.ts";
import { requestUndo } from "../../functions/core/respond/request-undo.ts";
import { aMember, aTopology } from "../support/context-builder.ts";
import { anAction, anIncident, anOutcome, aProposal } from "../support/incident-builder.ts";
import {
  aChangeable,
  anAwsOrder,
  changeableTarget,
  knownParameters,
  orderableClasses,
} from "../support/rds-builder.ts";
import { createResponderLab, type StateHandler } from "../support/responder-lab.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { respondDefinition } from "../support/synth.ts";
import { approvers } from "./aws-lab.ts";

const definition = await respondDefinition();
const hour = 3_600_000;
const gib = 1024 ** 3;
const mib = 1024 ** 2;
const quiet: Readonly<Record<string, number>> = {
  ...{ CPUUtilization: 30, DatabaseConnections: 120, FreeableMemory: 8 * gib, ReadIOPS: 900, WriteIOPS: 600 },
  ...{ ReadThroughput: 20 * mib, WriteThroughput: 10 * mib },
};

/** orders-db, made larger in an incident that is over; its days are as busy as `load` says. */
async function scaledUp(around?: (state: string, handler: StateHandler) => StateHandler) {
  const clock = createSkippingClock();
  const chat = createMemoryChat({ clock });
  const load: Record<string, number> = {};
  const rds = createMemoryRdsChanges({
    clock,
    databases: [aChangeable({ has: { DBInstanceClass: "db.m7g.xlarge" } })],
    orderable: orderableClasses,
    parameters: knownParameters,
  });
  const log = createCollectingLog();
  let waits = 0;
  const lab = createResponderLab({
    definition,
    targets: [changeableTarget],
    databases: { connect: () => Promise.reject(new Error("nobody is to sign in")) },
    settings: { policy: { approvers, modes: { disruptive: "approve" } }, watch: { healthySeconds: 60 } },
    ...{ chat, clock, rdsChanges: rds },
    context: createMemoryContext({
      "orders-db": { topology: aTopology({ members: [aMember({ resourceId: "db-ORDERS" })] }) },
    }),
    ids: createCountingIds(),
    random: () => 0,
    log,
    metrics: createMemoryMetrics(({ name, namespace, statistic, periodSeconds, dimensions }, from, to) => {
      const value = { ...quiet, ...load }[name];
      if (value === undefined) return { missing: "nobody measures it here" };
      const points = [];
      for (let at = from; at < to; at += periodSeconds * 1000)
        points.push({ at: new Date(at).toISOString(), value });
      return {
        id: name,
        namespace,
        statistic,
        periodSeconds,
        dimensions: { ...dimensions },
        unit: null,
        points,
      };
    }),
    onWatch: (seconds) => {
      clock.skip(seconds * 1000);
      waits += 1;
      rds.settle();
      if (waits > 20) void lab.stop();
    },
    onRest: async (seconds) => {
      clock.skip(seconds * 1000);
      waits += 1;
      if (waits > 20) void lab.stop();
    },
    ...(around === undefined ? {} : { around }),
  });
  const at = new Date(clock.now()).toISOString();
  const from = { from: "db.m7g.large", to: "db.m7g.xlarge" };
  const order = anAwsOrder("scale-instance-class", {
    ...{ orderId: "inc-1-1-0", incidentId: "inc-1", issuedAt: at },
    actionKey: "scale-instance-class orders-db db.m7g.xlarge",
  });
  const undone = scaleInstanceClassOffer.offer(
    { of: "orders-db", from: from.to, to: from.from, grew: { at, ...from } },
    changeableTarget,
  );
  if (undone.kind !== "offered") throw new Error("no undo");
  const { input, preview, describes } = undone;
  const undo = { actionId: "scale-instance-class", input, preview, describes };
  const outcome = anOutcome({
    ...{ orderId: order.orderId, actionId: order.actionId, actionKey: order.actionKey, status: "done" },
    undo,
  });
  const action = anAction({
    ...{ key: order.actionKey, status: "finished", orderId: order.orderId, outcome, updatedAt: at },
    proposal: aProposal({ id: "scale-instance-class", risk: "disruptive" }),
  });
  const incident = anIncident({
    ...{ id: "inc-1", group: groupOf(changeableTarget), target: changeableTarget, status: "monitoring" },
    ...{ openedAt: at, updatedAt: at, healthySince: at, actions: [action], timeline: [], receipts: {} },
    ...{ step: { kind: "resolve", reason: "healthy" }, alarms: [], alarmSignals: 0, alarmSignalsSeen: 0 },
  });
  await lab.deps.incidents.open(incident);
  const record = {
    schema: "audit.v1",
    incidentId: "inc-1",
    orderId: order.orderId,
    at,
    refusal: null,
  } as const;
  await lab.deps.incidents.appendAudit({ ...record, phase: "ordered", order, outcome: null });
  await closeIncident("inc-1", lab.deps);
  const sweep = async () => {
    const result = await lab.sweep({});
    await lab.workflow.idle();
    return result;
  };
  const told = () => JSON.stringify(chat.messages.map(({ message }) => message));
  const cards = () => (told().match(/Give it back/g) ?? []).length;
  const press = () =>
    requestUndo({ incidentId: "inc-1", orderId: order.orderId, by: approvers[0] ?? "" }, lab.deps);
  const stored = async () => (await lab.deps.incidents.get("inc-1")) ?? incident;
  return {
    ...lab,
    log,
    chat,
    clock,
    rds,
    load,
    sweep,
    told,
    cards,
    press,
    stored,
  };
}

describe("the way back of what was made larger, a day after its incident", () => {
  it("A20 is proposed once, with what the day needed, and goes through the gate when it is pressed", async () => {
    const { clock, rds, sweep, told, cards, press, stored, workflow, deps } = await scaledUp();
    clock.skip(23 * hour);
    expect((await sweep()).waysBack).toBeUndefined();
    clock.skip(hour);
    expect((await sweep()).waysBack).toEqual(["inc-1-1-0"]);
    expect(told()).toContain("The last 24 hours fit db.m7g.large: CPU 30 % of 4 vCPUs");
    expect(cards()).toBe(1);
    expect(rds.sent).toEqual([]);
    await sweep();
    expect(cards()).toBe(1);
    expect((await press()).says).toBe("Approved.");
    await workflow.idle();
    expect(rds.sent).toEqual([
      {
        operation: "ModifyDBInstance",
        input: { DBInstanceIdentifier: "orders-db", DBInstanceClass: "db.m7g.large", ApplyImmediately: true },
      },
    ]);
    const incident = await stored();
    expect(incident.actions.at(-1)).toMatchObject({ undoes: "inc-1-1-0", outcome: { status: "done" } });
    const orders = (await deps.incidents.audit("inc-1")).filter(({ orderId }) => orderId !== "inc-1-1-0");
    expect(orders.find(({ phase }) => phase === "ordered")?.order).toMatchObject({
      permittedBy: "approval",
      approvedBy: approvers[0],
    });
    expect(cards()).toBe(0);
    // Pressed once more, by a repeat of the same click.
    await press();
    await workflow.idle();
    expect(rds.sent).toHaveLength(1);
  });

  it("A20 is not proposed where the day does not fit: the numbers are said each day, and for a last time", async () => {
    const { clock, load, rds, sweep, told, cards, press, deps } = await scaledUp();
    load["CPUUtilization"] = 60;
    for (let day = 1; day <= 9; day += 1) {
      clock.skip(24 * hour);
      await sweep();
    }
    expect(cards()).toBe(0);
    expect(told()).toContain("CPU 60 % of 4 vCPUs, and at most 80 % of 2 vCPUs");
    expect(told().match(/Look \d of 7; the next one is in a day/g)).toHaveLength(6);
    expect(told().match(/This is the last word on it/g)).toHaveLength(1);
    expect(await press()).toMatchObject({ accepted: false });
    expect(rds.sent).toEqual([]);
    expect((await deps.incidents.wayBacks()).map(({ ended }) => ended)).toEqual([true]);
  });

  it("A20 is proposed on the first day that fits; left alone, it is said for a last time that it stays", async () => {
    const { clock, load, sweep, told, cards } = await scaledUp();
    load["CPUUtilization"] = 60;
    clock.skip(24 * hour);
    await sweep();
    expect(cards()).toBe(0);
    load["CPUUtilization"] = 20;
    for (let day = 2; day <= 9; day += 1) {
      clock.skip(24 * hour);
      await sweep();
      if (day === 2) expect(cards()).toBe(1);
    }
    expect(cards()).toBe(0);
    expect(told()).toContain("would still fit, and nobody has taken it");
  });

  it("A20 is offered again after a press that the day has refused, until its last word", async () => {
    const { clock, load, rds, sweep, cards, press, stored, workflow, deps, log } = await scaledUp();
    clock.skip(24 * hour);
    await sweep();
    load["CPUUtilization"] = 70;
    expect((await press()).accepted).toBe(true);
    await workflow.idle();
    expect((await stored()).actions.at(-1)).toMatchObject({
      ...{ undoes: "inc-1-1-0", outcome: { status: "refused" }, approvalId: "inc-1-1-0-undo" },
    });
    // Nobody signs in here: the look that would have found it healthy is left out.
    const open = await stored();
    await deps.incidents.save({
      ...open,
      status: "monitoring",
      step: { kind: "resolve", reason: "healthy" },
    });
    await closeIncident("inc-1", deps);
    expect([(await stored()).status, rds.sent, cards()]).toEqual(["resolved", [], 1]);
    expect(log.metrics.filter(({ name }) => name === "TimeToRecovery")).toHaveLength(1);
    load["CPUUtilization"] = 20;
    expect((await press()).accepted).toBe(true);
    expect((await stored()).actions.at(-1)).toMatchObject({
      ...{ status: "approved", approvalId: "inc-1-1-0-undo-2", undoes: "inc-1-1-0" },
    });
    expect((await deps.incidents.custodies()).map(({ incidentId }) => incidentId)).toEqual(["inc-1"]);
  });

  it("S11 a press that comes too late opens no incident again", async () => {
    const { clock, press, stored, deps } = await scaledUp();
    clock.skip(9 * 24 * hour);
    expect(await press()).toMatchObject({
      accepted: false,
      says: expect.stringContaining("nothing to take back"),
    });
    expect((await stored()).status).toBe("resolved");
    expect(await deps.incidents.custodies()).toEqual([]);
  });

  it("A42 is taken by the button of the growth, too, before anybody has proposed it", async () => {
    const { clock, rds, press, sweep, workflow, cards } = await scaledUp();
    clock.skip(25 * hour);
    expect((await press()).accepted).toBe(true);
    await workflow.idle();
    expect(rds.sent).toHaveLength(1);
    clock.skip(24 * hour);
    await sweep();
    expect(cards()).toBe(0);
    expect(rds.sent).toHaveLength(1);
  });

  it("S11 waits while another incident of these databases is open", async () => {
    const { clock, rds, press, sweep, deps, stored } = await scaledUp();
    clock.skip(24 * hour);
    await sweep();
    await deps.incidents.open(anIncident({ id: "inc-2", group: groupOf(changeableTarget), revision: 0 }));
    expect((await press()).says).toContain("Another incident of these databases is open");
    expect((await stored()).status).toBe("resolved");
    expect(rds.sent).toEqual([]);
  });

  it.each(["AskWayBack", "TryWayBack", "TellWayBack"])(
    "Q3 is said once, by a later sweep, when its execution died at %s",
    async (dies) => {
      let broken = true;
      const { clock, sweep, cards, told } = await scaledUp((state, handler) => async (input) => {
        if (broken && state === dies && state !== "TryWayBack") throw new Error("Runtime exited");
        return broken && state === dies ? Promise.reject(new Error("Runtime exited")) : handler(input);
      });
      clock.skip(24 * hour);
      await sweep().catch(() => undefined);
      expect(cards()).toBe(0);
      broken = false;
      clock.skip(dies === "TryWayBack" ? 24 * hour : 0.5 * hour);
      await sweep();
      await sweep();
      expect(cards()).toBe(1);
      if (dies === "TryWayBack") expect(told()).toContain("It could not be looked at");
    },
  );

  it("Q3 of two sweeps at once one looks, and a card that went out before its execution died goes out no second time", async () => {
    let dies = true;
    const { clock, sweep, cards, deps } = await scaledUp((state, handler) => async (input) => {
      const output = await handler(input);
      if (state === "TellWayBack" && dies) throw new Error("Runtime exited");
      return output;
    });
    clock.skip(24 * hour);
    const [one, other] = await Promise.all([sweep(), sweep()]);
    expect([...(one.waysBack ?? []), ...(other.waysBack ?? [])]).toHaveLength(1);
    dies = false;
    clock.skip(hour);
    await sweep();
    expect(cards()).toBe(1);
    expect(await deps.incidents.wayBacks()).toHaveLength(1);
  });

  it("Q3 ends at its day where its channel is gone, tried less and less often and at most three times after it", async () => {
    const { clock, chat, sweep, stored, deps, told } = await scaledUp();
    let begun = 0;
    chat.behave({ kind: "failing", reason: "channel_not_found" });
    for (let eighth = 0; eighth < 12 * 8; eighth += 1) {
      clock.skip(3 * hour);
      const { waysBack = [] } = await sweep();
      begun += waysBack.length;
    }
    expect((await deps.incidents.wayBacks()).map(({ ended, late }) => ({ ended, late }))).toEqual([
      { ended: true, late: 3 },
    ]);
    expect(begun).toBeLessThan(40);
    expect((await stored()).actions[0]?.wayBack?.over).toBe(true);
    expect(told()).not.toContain("Give it back");
  });

  it("Q3 ends, with a last word, where its incident is open again, and without one where it is gone", async () => {
    const { clock, sweep, stored, deps, told } = await scaledUp();
    const incident = await stored();
    await deps.incidents.save({
      ...incident,
      status: "escalated",
      step: { kind: "watch", seconds: 60, why: "" },
    });
    await deps.incidents.putWayBack(firstNote("inc-0", "inc-0-1-0", incident.openedAt));
    for (let day = 1; day <= 12; day += 1) {
      clock.skip(24 * hour);
      await sweep();
    }
    expect((await deps.incidents.wayBacks()).map(({ ended }) => ended)).toEqual([true, true]);
    expect(
      told().match(/is open again, and the day was not looked at\. This is the last word/g),
    ).toHaveLength(1);
  });
});
