import { afterAll, beforeAll, expect, it } from "vitest";
import type { AlarmState } from "../../functions/core/context-ports.ts";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { respondDefinition } from "../support/synth.ts";
import { faultOnAccount, responderFor } from "./for-one-test.ts";
import { type BankLabOptions, fire, incidentOf, startBank } from "./support.ts";

/** The alarm of the bank as CloudWatch keeps it. */
function bankAlarm(state: AlarmState["state"]): AlarmState {
  return {
    arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:bank-connections",
    name: "bank-connections",
    state,
    rule: null,
  };
}

describeEngine("a well database and what is not seen of it", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  /** Fires, and lets the machine look until `looks` waits have passed. */
  async function watched(looks: number, options: Omit<BankLabOptions, "mode" | "onWatch">) {
    let waits = 0;
    const lab = responderFor(server, definition, {
      ...options,
      mode: "auto",
      settings: { watch: { healthySeconds: 60, checkSeconds: 20, unknownEscalateSeconds: 60 } },
      onWatch: async () => {
        waits += 1;
        if (waits === looks) void lab.stop();
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    return { lab, incident: await incidentOf(lab, id) };
  }

  it("S12 an alarm that stands with its metric unread is handed to a person and never resolved", async () => {
    const { lab, incident } = await watched(5, { alarmStates: [bankAlarm("ALARM")] });
    expect(incident.status).toBe("escalated");
    expect(incident.healthySince).toBeNull();
    const told = JSON.stringify(lab.chat.messages);
    expect(told).toContain("DatabaseConnections could not be read");
    expect(told).toContain("the cause was not found");
  });

  it("S12 an alarm that CloudWatch calls OK, its event lost, holds nothing back", async () => {
    const { incident } = await watched(5, { alarmStates: [bankAlarm("OK")] });
    expect(incident.status).toBe("resolved");
  });

  it("D7 a database that lets us connect while its locks cannot be seen is not called healthy", async () => {
    const { lab, incident } = await watched(5, {
      around: (state, handler) => async (input) => {
        const answer = await handler(input);
        return state === "ProbePostgres" ? withoutLocks(answer) : answer;
      },
    });
    expect(incident.status).toBe("escalated");
    expect(incident.healthySince).toBeNull();
    expect(JSON.stringify(lab.chat.messages)).toContain("cannot be judged");
    expect(JSON.stringify(lab.chat.messages)).toContain("postgres-blocking");
  });

  it("D7 a probing function that breaks for good is no unreachable database", async () => {
    const { lab, incident } = await watched(5, {
      around: (state, handler) => async (input) => {
        if (state === "ProbePostgres") throw new Error("Runtime exited");
        return handler(input);
      },
    });
    expect(incident.status).toBe("escalated");
    expect(incident.unreachableSince).toBeNull();
    expect(JSON.stringify(lab.chat.messages)).not.toContain("unreachable for");
  });

  it("A41 a tag that is set while the incident runs stops the action that was decided before", async () => {
    await faultOnAccount(server, 2);
    let waits = 0;
    const lab = responderFor(server, definition, {
      mode: "auto",
      around: (state, handler) => async (input) => {
        const answer = await handler(input);
        if (state === "Diagnose") lab.target.tags["rds-responder:mode"] = "observe";
        return answer;
      },
      onWatch: async () => {
        waits += 1;
        if (waits === 2) void lab.stop();
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect(audit.length).toBeGreaterThan(0);
    expect(new Set(audit.map(({ phase, refusal }) => `${phase} ${refusal?.guard}`))).toEqual(
      new Set(["withheld observe"]),
    );
  });

  it("A41 tags that cannot be read before the gate mean observe, and the next look tries again", async () => {
    const fault = await faultOnAccount(server, 2);
    let calls = 0;
    const lab = responderFor(server, definition, {
      mode: "auto",
      around: (state, handler) => async (input) => {
        calls += state === "ReadPolicy" ? 1 : 0;
        // The first call and its four repeats.
        if (state === "ReadPolicy" && calls <= 5) throw new Error("the function died");
        return handler(input);
      },
    });
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect(audit[0]).toMatchObject({ phase: "withheld", refusal: { guard: "tags-unread" } });
    expect(audit.at(-1)).toMatchObject({ phase: "finished", outcome: { status: "done" } });
    expect((await incidentOf(lab, id)).status).toBe("resolved");
  });
});

interface ProbeAnswer {
  readonly probes: readonly { readonly id: string }[];
}

function isProbeAnswer(answer: unknown): answer is ProbeAnswer {
  return typeof answer === "object" && answer !== null && "probes" in answer;
}

/** The report of a look whose lock probe timed out. */
function withoutLocks(answer: unknown): unknown {
  if (!isProbeAnswer(answer)) return answer;
  const timedOut = { status: "timeout", reason: "statement timeout", rows: [], rowCount: 0 };
  return {
    ...answer,
    probes: answer.probes.map((probe) =>
      probe.id === "postgres-blocking" ? { ...probe, ...timedOut } : probe,
    ),
  };
}
