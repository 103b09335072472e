import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { createSlackChat } from "../../functions/adapters/slack/slack-chat.ts";
import { startInteractionServer } from "../lab/demo/interaction-server.ts";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { dana, startSlack } from "../lab/slack/server.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { respondDefinition } from "../support/synth.ts";
import { faultOnAccount, responderFor } from "./for-one-test.ts";
import { approver, type BankLabOptions, fire, incidentOf, startBank } from "./support.ts";

const signingSecret = "lab-signing-secret";
const guest = { id: "U0GUEST1", name: "guest" };
const helper = { id: "U0HELPER", name: "helper" };

describeEngine("/db in Slack", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  /** Slack's stand-in posts signed requests over HTTP; the answers come back the same way. */
  async function room(options: BankLabOptions) {
    let url = "";
    const slack = await startSlack({ signingSecret, interactionUrl: () => url });
    onTestFinished(slack.stop);
    const clock = createSkippingClock();
    const chat = createSlackChat({ token: async () => slack.token, apiUrl: slack.apiUrl, clock });
    const settings = {
      policy: { approvers: [approver], pauseAfterActionSeconds: 0 },
      slack: { users: [helper.id] },
    };
    const lab = responderFor(server, definition, { chat, settings, ...options });
    const interactions = await startInteractionServer(lab.interaction);
    onTestFinished(interactions.stop);
    url = interactions.url;
    const ask = async (text: string, user = dana): Promise<string> => {
      const { status, body } = await slack.command(text, user);
      expect(status).toBe(200);
      const answer: { response_type: string; text: string } = JSON.parse(body);
      expect(answer.response_type).toBe("ephemeral");
      return answer.text;
    };
    return { slack, lab, ask };
  }

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
    expect(says).toContain("nothing was done");
    expect(says).toContain("aws rds reboot-db-instance --db-instance-identifier bank --force-failover");
    expect(await lab.deps.incidents.custodies()).toEqual([]);
  });
});
