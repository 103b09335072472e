import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import { aTarget } from "../support/incident-builder.ts";
import { createResponderLab } from "../support/responder-lab.ts";
import { respondDefinition } from "../support/synth.ts";
import { alarmEvent } from "./support.ts";

/** With a definition, executions run; without one they are only counted. */
function labFor(targets: readonly Target[], definition?: object) {
  const clock = createVirtualClock();
  const chat = createMemoryChat({ clock });
  const lab = createResponderLab({
    definition: definition ?? {},
    targets,
    databases: { connect: () => Promise.reject(new Error("nothing is probed here")) },
    settings: {},
    chat,
    clock,
    ids: createCountingIds(),
    random: () => 0,
    log: createCollectingLog(),
  });
  if (definition === undefined) lab.workflow.onStart(async () => undefined);
  return { ...lab, chat, clock };
}

describe("intake", () => {
  it("S11 a storm of 1,000 alarms over 200 groups makes exactly 200 incidents and loses none", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `db-${index}`);
    const lab = labFor(names.map((name) => aTarget({ name, group: name })));
    const storm = Array.from({ length: 1000 }, (_, index) =>
      lab.intake(
        alarmEvent(`db-${index % 200}`, new Date(Date.UTC(2026, 10, 21, 3, 0, 0, index)).toISOString()),
      ),
    );
    const results = (await Promise.all(storm)).flatMap((result) => result.answers);
    expect(results.filter((answer) => answer.kind === "opened")).toHaveLength(200);
    expect(results).toHaveLength(1000);
    expect(lab.workflow.starts).toHaveLength(200);
    const incidents = await Promise.all(lab.workflow.starts.map(({ name }) => lab.deps.incidents.get(name)));
    expect(incidents.map((incident) => incident?.signalCount)).toEqual(Array.from({ length: 200 }, () => 5));
  });

  it("S11 one alarm delivered three times is one incident with one signal", async () => {
    const lab = labFor([aTarget({ name: "bank", group: "bank" })]);
    const at = "2026-11-21T03:00:00.000Z";
    const kinds = [];
    for (let time = 0; time < 3; time += 1) {
      kinds.push((await lab.intake(alarmEvent("bank", at))).answers[0]?.kind);
    }
    expect(kinds).toEqual(["opened", "repeated", "repeated"]);
    expect(lab.workflow.starts).toHaveLength(1);
  });

  it("S10 an alarm that names no known database is told once, however often it is delivered, and is kept", async () => {
    const lab = labFor([], await respondDefinition());
    const at = "2026-11-21T03:00:00.000Z";
    const { answers } = await lab.intake(alarmEvent("nobody-knows-me", at));
    await lab.intake(alarmEvent("nobody-knows-me", at));
    await lab.workflow.idle();
    expect(answers[0]?.kind).toBe("no-database");
    expect(lab.workflow.failures).toEqual([]);
    expect(lab.chat.messages.map(({ message }) => message.headline)).toEqual([
      expect.stringContaining("nobody-knows-me"),
    ]);
    expect(lab.deps.deadLetters.rejections).toHaveLength(2);
  });

  it("S10 it is told again each time the alarm fires, however long its name", async () => {
    const lab = labFor([], await respondDefinition());
    const long =
      "payments-production-eu-west-1-orders-service-queue-depth-of-the-nightly-settlement-job-high";
    const days = ["2026-11-21T03:00:00.000Z", "2026-11-22T03:00:00.000Z"];
    for (const name of [long, `billing-${long}`]) {
      for (const at of [...days, ...days]) await lab.intake(alarmEvent(name, at));
    }
    await lab.workflow.idle();
    expect(lab.chat.messages).toHaveLength(4);
    for (const { name } of lab.workflow.starts) expect(name).toMatch(/^[0-9A-Za-z_-]{1,80}$/);
  });

  it("S10 a message about it that may have arrived is not sent again", async () => {
    const lab = labFor([], await respondDefinition());
    lab.chat.behave({ kind: "unanswered" });
    await lab.intake(alarmEvent("nobody-knows-me"));
    await lab.workflow.idle();
    expect(lab.workflow.failures).toEqual([]);
    expect(lab.chat.messages).toHaveLength(1);
  });

  it("S10 a channel that is down is asked again for the message about it", async () => {
    const lab = labFor([], await respondDefinition());
    lab.chat.behave({ kind: "failing", reason: "service_unavailable" }, 2);
    await lab.intake(alarmEvent("nobody-knows-me"));
    await lab.workflow.idle();
    expect(lab.workflow.failures).toEqual([]);
    expect(lab.chat.messages).toHaveLength(1);
  });

  it("S9 what is not understood is kept with its reason, and the good part of a batch is still used", async () => {
    const lab = labFor([aTarget({ name: "bank", group: "bank" })]);
    const results = await Promise.all(
      [null, "text", { nonsense: true }, [], { Records: [] }].map((event) => lab.intake(event)),
    );
    expect(results.every((result) => result.rejected === 1)).toBe(true);
    expect(lab.deps.deadLetters.rejections).toHaveLength(5);
    expect(lab.deps.deadLetters.rejections.every((rejection) => rejection.reason.length > 10)).toBe(true);
  });

  it("Q3 a delivery that died before it started the execution is made good by the next one", async () => {
    const lab = labFor([aTarget({ name: "bank", group: "bank" })]);
    const { start } = lab.deps.workflow;
    let broken = true;
    lab.deps.workflow.start = (name, input) =>
      broken ? Promise.reject(new Error("Step Functions is throttled")) : start(name, input);
    const at = "2026-11-21T03:00:00.000Z";
    await expect(lab.intake(alarmEvent("bank", at))).rejects.toThrow("throttled");
    broken = false;
    expect((await lab.intake(alarmEvent("bank", at))).answers[0]?.kind).toBe("repeated");
    expect(lab.workflow.starts).toHaveLength(1);
  });

  it("Q3 an incident whose execution is lost gets a new one with the next alarm", async () => {
    const lab = labFor([aTarget({ name: "bank", group: "bank" })]);
    const opened = (await lab.intake(alarmEvent("bank", "2026-11-21T03:00:00.000Z"))).answers[0];
    if (opened?.kind !== "opened") throw new Error("not opened");
    const incident = await lab.deps.incidents.get(opened.incidentId);
    if (incident === null) throw new Error("no incident");
    await lab.deps.incidents.save({ ...incident, cycle: 3 });
    await lab.clock.advance(3600_000);
    await lab.intake(alarmEvent("bank", "2026-11-21T04:00:00.000Z"));
    expect(lab.workflow.starts).toHaveLength(2);
    expect(lab.workflow.starts[1]?.input).toEqual(lab.workflow.starts[0]?.input);
  });
});
