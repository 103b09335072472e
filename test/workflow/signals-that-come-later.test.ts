import { afterAll, beforeAll, expect, it } from "vitest";
import { assignmentSchema } from "../../functions/core/contract/workflow.ts";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import type { StateHandler } from "../support/responder-lab.ts";
import { respondDefinition } from "../support/synth.ts";
import { responderFor } from "./for-one-test.ts";
import { alarmEvent, fire, incidentOf, startBank } from "./support.ts";

const watch = { healthySeconds: 60, healthyCheckSeconds: 60, checkSeconds: 20 };

describeEngine("a signal that comes later", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  /** Notes whom each look was about, before anything else happens in that state. */
  function noting(looked: string[], also: (state: string) => Promise<void> | void = () => undefined) {
    return (state: string, handler: StateHandler) => async (input: unknown) => {
      if (state === "ProbePostgres") looked.push(assignmentSchema.parse(input).target.name);
      await also(state);
      return handler(input);
    };
  }

  it("S11 about the writer brings the writer into an incident that the reader's alarm opened", async () => {
    const looked: string[] = [];
    const lab = responderFor(server, definition, {
      mode: "observe",
      others: ["bank-writer"],
      settings: { watch },
      around: noting(looked, async (state) => {
        if (state === "Announce" && looked.length === 1) await lab.intake(alarmEvent("bank-writer"));
      }),
    });
    lab.target.role = "reader";
    for (const other of lab.others) other.role = "writer";
    const id = await fire(lab);
    await lab.workflow.idle();
    const incident = await incidentOf(lab, id);
    expect(looked.slice(0, 3)).toEqual(["bank", "bank-writer", "bank"]);
    expect(incident.status).toBe("resolved");
    expect(incident.databases.map(({ name, look }) => [name, look?.verdict])).toEqual([
      ["bank", "well"],
      ["bank-writer", "well"],
    ]);
  });

  it("S11 after a failover the new writer is looked at, too", async () => {
    const looked: string[] = [];
    const lab = responderFor(server, definition, {
      mode: "observe",
      others: ["bank-2"],
      settings: { watch },
      around: noting(looked, (state) => {
        if (state !== "Announce" || looked.length !== 1) return;
        lab.target.role = "reader";
        for (const other of lab.others) other.role = "writer";
      }),
    });
    for (const one of [lab.target, ...lab.others]) one.clusterId = "bank-cluster";
    const id = await fire(lab);
    await lab.workflow.idle();
    expect(looked.slice(0, 3)).toEqual(["bank", "bank", "bank-2"]);
    expect((await incidentOf(lab, id)).target.role).toBe("reader");
  });

  it("S11 in the moment of closing is not swallowed: the incident stays open for one more look", async () => {
    let sent = false;
    const looked: string[] = [];
    const lab = responderFor(server, definition, {
      mode: "observe",
      settings: { watch },
      around: noting(looked, async (state) => {
        if (state !== "Close" || sent) return;
        sent = true;
        await lab.intake(alarmEvent("bank", "2030-01-01T00:00:00.000Z"));
      }),
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    const incident = await incidentOf(lab, id);
    expect(incident).toMatchObject({ status: "resolved", signalCount: 2, alarmSignalsSeen: 2 });
    expect(await lab.deps.incidents.openIncidentOf(incident.group)).toBeNull();
    expect(lab.workflow.starts).toHaveLength(1);
    expect(lab.chat.messages.filter(({ message }) => message.kind === "resolution")).toHaveLength(2);
  });

  it("S11 between the resolution and the release is not swallowed either", async () => {
    const lab = responderFor(server, definition, { mode: "observe", settings: { watch } });
    const release = lab.deps.incidents.releaseIfUnchanged;
    let tries = 0;
    lab.deps.incidents.releaseIfUnchanged = async (incident) => {
      tries += 1;
      if (tries === 1) await lab.intake(alarmEvent("bank", "2030-01-01T00:00:00.000Z"));
      return release(incident);
    };
    const id = await fire(lab);
    await lab.workflow.idle();
    const incident = await incidentOf(lab, id);
    expect(tries).toBe(2);
    expect(incident).toMatchObject({ status: "resolved", signalCount: 2 });
    expect(incident.timeline.filter(({ key }) => key === "resolved")).toHaveLength(1);
  });

  it("S11 after the release opens the next incident, also when it was on its way to the old one", async () => {
    const lab = responderFor(server, definition, { mode: "observe", settings: { watch } });
    const id = await fire(lab);
    await lab.workflow.idle();
    const { openIncidentOf } = lab.deps.incidents;
    let late = true;
    lab.deps.incidents.openIncidentOf = async (group) => {
      const open = await openIncidentOf(group);
      if (!late) return open;
      late = false;
      return id;
    };
    const { answers } = await lab.intake(alarmEvent("bank", "2030-01-01T00:00:00.000Z"));
    expect(answers[0]?.kind).toBe("opened");
    await lab.workflow.idle();
    expect((await incidentOf(lab, id)).status).toBe("resolved");
    expect(lab.workflow.starts).toHaveLength(2);
  });

  it("S11 cuts a long wait short", async () => {
    const rests: number[] = [];
    const waits: number[] = [];
    const lab = responderFor(server, definition, {
      mode: "observe",
      settings: { watch: { ...watch, checkSeconds: 200, healthySeconds: 300, healthyCheckSeconds: 200 } },
      onRest: async (seconds) => {
        rests.push(seconds);
        if (rests.length === 1) await lab.intake(alarmEvent("bank", "2030-01-01T00:00:00.000Z"));
      },
      onWatch: (seconds) => {
        waits.push(seconds);
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    expect(lab.workflow.failures).toEqual([]);
    expect((await incidentOf(lab, id)).status).toBe("resolved");
    expect(rests.length).toBeGreaterThan(1);
    // The first one was not waited out.
    expect(waits).toHaveLength(rests.length - 1);
    expect(lab.log.lines.some(({ event }) => event === "incident.woken")).toBe(true);
  });

  it("S11 that came before the long wait had begun ends it as well", async () => {
    let sent = false;
    const lab = responderFor(server, definition, {
      mode: "observe",
      settings: { watch: { ...watch, checkSeconds: 200, healthySeconds: 300, healthyCheckSeconds: 200 } },
      around: (state, handler) => async (input) => {
        if (state === "Rest" && !sent) {
          sent = true;
          await lab.intake(alarmEvent("bank", "2030-01-01T00:00:00.000Z"));
          await expect(handler(input)).rejects.toMatchObject({ name: "SignalWaiting" });
        }
        return handler(input);
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    expect(lab.workflow.failures).toEqual([]);
    expect((await incidentOf(lab, id)).status).toBe("resolved");
  });
});
