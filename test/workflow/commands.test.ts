import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { respondDefinition } from "../support/synth.ts";
import { faultOnAccount } from "./for-one-test.ts";
import { helper, slackRoom } from "./slack-room.ts";
import { type BankLabOptions, fire, incidentOf, startBank } from "./support.ts";

const guest = { id: "U0GUEST1", name: "guest" };

describeEngine("/db in Slack", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  const room = (options: BankLabOptions) => slackRoom(server, definition, options);

  it("S7 diagnose opens an incident, the machine looks and tells the channel, and ends it when all is well", async () => {
    const { slack, lab, ask } = await room({ mode: "observe" });
    const says = await ask("diagnose bank", helper);
    const [, id = ""] = /Incident (inc-\S+)\.$/.exec(says) ?? [];
    await lab.workflow.idle();
    const incident = await incidentOf(lab, id);
    expect(incident).toMatchObject({ status: "resolved", trigger: { kind: "manual", via: "slack" } });
    expect(slack.messages().some(({ text, onlyFor }) => onlyFor === null && text.includes("bank"))).toBe(
      true,
    );
    expect(await ask("status")).toBe("No incident is open.");
  });

  it("S7 diagnose attaches to the open incident, and ack keeps it in hand", async () => {
    await faultOnAccount(server, 2);
    const { lab, ask } = await room({ mode: "observe" });
    const id = await fire(lab);
    expect(await ask("diagnose bank")).toContain(`Incident ${id} is open for it`);
    expect(await ask("ack bank", helper)).toContain("bank is in your hands");
    expect((await incidentOf(lab, id)).acknowledged?.by).toBe(helper.id);
    expect(await ask("status bank")).toMatch(/bank: .*acknowledged by U0HELPER until .*Incident inc-/);
    expect(await ask("ack other")).toBe("No incident is open for other.");
  });

  it("A40 nothing is done to a snoozed database, with the reason; when the snooze is taken off, it is", async () => {
    const fault = await faultOnAccount(server, 2);
    let looks = 0;
    const { lab, ask } = await room({
      mode: "auto",
      onWatch: async () => {
        looks += 1;
        if (looks === 2) expect(await ask("snooze bank off")).toContain("not snoozed any more");
      },
    });
    expect(await ask("snooze bank 2h moving the tables")).toContain("nothing is done to bank before");
    expect(await ask("status")).toMatch(/Snoozed: bank until .+ UTC by U0DANA01: moving the tables\./);
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect(audit[0]).toMatchObject({
      phase: "withheld",
      refusal: { guard: "snoozed", reason: expect.stringContaining("moving the tables") },
    });
    expect(audit.at(-1)).toMatchObject({ phase: "finished", outcome: { status: "done" } });
  });

  it("S7 a snooze has an end, a reason, a known database and an approver; strangers are refused politely", async () => {
    const { lab, ask } = await room({ mode: "observe" });
    expect(await ask("snooze bank 25h holidays")).toContain("At most 1 d at a time");
    expect(await ask("snooze bnak 1h typo")).toContain("RDS knows no");
    expect(await ask("snooze bank 1h why not", helper)).toContain("Sorry");
    expect(await ask("status", guest)).toContain("You are U0GUEST1");
    expect((await lab.deps.incidents.snoozes()).list).toEqual([]);
  });

  it("S7 failover says that it is not there yet, and what a person does", async () => {
    const { lab, ask } = await room({ mode: "auto" });
    const says = await ask("failover bank");
    expect(says).toContain("Nothing was done");
    expect(says).toContain("aws rds reboot-db-instance --db-instance-identifier bank --force-failover");
    expect(await lab.deps.incidents.custodies()).toEqual([]);
  });
});
