import { describe, expect, it } from "vitest";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { aTarget } from "../support/incident-builder.ts";
import { createResponderLab } from "../support/responder-lab.ts";
import { respondDefinition } from "../support/synth.ts";
import { alarmEvent } from "./support.ts";

const definition = await respondDefinition();

function lab() {
  const clock = createSystemClock();
  const chat = createMemoryChat({ clock });
  const made = createResponderLab({
    definition,
    targets: [aTarget({ name: "bank", group: "bank" })],
    databases: { connect: () => Promise.reject(new Error("nothing answers")) },
    settings: {},
    chat,
    clock,
    ids: createRandomIds(),
    log: createCollectingLog(),
  });
  return { ...made, chat };
}

describe("what is outside of the responder", () => {
  it("S11 200 alarms of one group at once are one incident, and none of them is lost", async () => {
    const made = lab();
    made.workflow.onStart(async () => undefined);
    // Every read and write lets the others in, as a network does.
    const { get, save } = made.deps.incidents;
    const elsewhere = () => new Promise((resolve) => setImmediate(resolve));
    made.deps.incidents.get = async (id) => elsewhere().then(() => get(id));
    made.deps.incidents.save = async (incident) => elsewhere().then(() => save(incident));
    const at = (index: number) => new Date(Date.UTC(2026, 10, 21, 3, 0, 0, index)).toISOString();
    const storm = Array.from({ length: 200 }, (_, index) => made.intake(alarmEvent("bank", at(index))));
    const answers = (await Promise.all(storm)).flatMap((result) => result.answers);
    expect(answers.filter(({ kind }) => kind === "opened")).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === "attached")).toHaveLength(199);
    const [start] = made.workflow.starts;
    expect(await made.deps.incidents.get(start?.name ?? "")).toMatchObject({ signalCount: 200 });
  });

  it("Q3 nothing from the alarm to the record needs a channel or an evidence store", async () => {
    const made = lab();
    made.chat.behave({ kind: "failing", reason: "channel down" }, 10_000);
    made.deps.evidence.put = () => Promise.reject(new Error("S3 is down"));
    let looks = 0;
    const looked = new Promise<void>((resolve) => {
      const { save } = made.deps.incidents;
      made.deps.incidents.save = async (incident) => {
        const saved = await save(incident);
        if (incident.cycle > looks) looks = incident.cycle;
        if (looks === 3) resolve();
        return saved;
      };
    });
    const { answers } = await made.intake(alarmEvent("bank"));
    await looked;
    await made.stop();
    const [answer] = answers;
    const incident = await made.deps.incidents.get(answer?.kind === "opened" ? answer.incidentId : "");
    expect(incident?.diagnosis?.headline).not.toBe("");
    expect(incident?.diagnosis?.missing).toContainEqual(
      "the evidence of this look was not stored: S3 is down",
    );
    expect(incident?.step.kind).toBe("watch");
    expect(made.chat.messages).toEqual([]);
  });

  it("Q2 an evidence store that does not answer holds a diagnosis back for seconds, not for ever", async () => {
    const made = lab();
    made.workflow.onStart(async () => undefined);
    made.deps.evidence.put = () => new Promise(() => undefined);
    const { answers } = await made.intake(alarmEvent("bank"));
    const incidentId = answers[0]?.kind === "opened" ? answers[0].incidentId : "";
    const input = { schema: "respond.v1", incidentId };
    const assignment = await made.states["Prepare"]?.({ step: "prepare", execution: incidentId, input });
    await made.states["Diagnose"]?.({ step: "diagnose", input: { assignment, reports: [] } });
    expect((await made.deps.incidents.get(incidentId))?.diagnosis?.missing).toContainEqual(
      expect.stringContaining("did not answer within 4000 ms"),
    );
  });
});
