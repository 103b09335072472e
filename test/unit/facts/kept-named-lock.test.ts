import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aGroup, someEvidence } from "../../support/evidence-builder.ts";
import { aForest, aRunning, aSession, type Member } from "../../support/forest-builder.ts";

const lock = { object: "named lock 'settle'", objectKind: "advisory", mode: "EXCLUSIVE" } as const;
const job = { application: "settlement", client: "10.0.0.8" } as const;

interface World {
  readonly holder?: Partial<Session>;
  /** How long each of them has waited, in seconds. */
  readonly waits?: readonly number[];
  readonly client?: (at: number) => string;
  /** What the application has beside the one that holds. */
  readonly connections?: number;
}

function told({ holder = {}, waits = [395, 300, 20], client, connections = waits.length }: World) {
  const resting = {
    state: "idle",
    stateSeconds: 400,
    transactionSeconds: null,
    statementSeconds: null,
  } as const;
  const who = aSession(1, { ...job, ...resting, query: "SELECT SUM(amount) FROM tickets", ...holder });
  const waiting = waits.map((seconds, at): Member => {
    const query = "SELECT GET_LOCK(?, ...)";
    const from = client === undefined ? {} : { client: client(at) };
    return {
      who: aRunning(10 + at, seconds, { ...job, waitEvent: "User lock", query, ...from }),
      behind: "session:1",
      waits: { ...lock, waitSeconds: seconds },
    };
  });
  const evidence = someEvidence({
    engine: "mysql",
    forests: [aForest([{ who, holds: [{ ...lock, explicit: true }] }, ...waiting])],
    groups: [
      aGroup(connections, { ...job }),
      aGroup(1, { ...job, state: "idle" }),
      aGroup(30, { application: "api", state: "idle" }),
    ],
  });
  const diagnosis = diagnose(evidence, defaultSettings);
  return { diagnosis, finding: diagnosis.findings.find(({ id }) => id === "explicit-lock-held") };
}

const beside = "the lock was left there (in a pool, above all), or a leader rests";
const says = (world: World) => told(world).finding?.evidence.map((one) => one.says) ?? [];

describe("a named lock that a job has left in its connection", () => {
  it("D4 D7 is told as P2, and nobody is ended for it without a person", () => {
    const { diagnosis, finding } = told({});
    expect(finding).toMatchObject({ severity: "P2" });
    expect(diagnosis.verdict).toBe("unwell");
    expect(diagnosis.findings.flatMap(({ actions }) => actions).filter(({ automatic }) => automatic)).toEqual(
      [],
    );
    expect(says({}).join("\n")).toContain(beside);
  });

  it("D4 counts whole seconds as MySQL does: who came with its last statement came after it", () => {
    expect(told({ waits: [400.4, 400.4, 400.4] }).finding?.severity).toBe("P2");
    expect(told({ waits: [401.2, 300, 20] }).finding?.severity).toBe("P3");
  });

  it.each<[string, World]>([
    ["a leader that has done nothing but take it", { holder: { query: "SELECT GET_LOCK(?, ...)" } }],
    ["a leader that only asks whether it still is one", { holder: { query: "SELECT IS_USED_LOCK(?)" } }],
    ["a leader on another host than those who stand by", { client: () => "10.0.0.9" }],
    ["a leader whose heart beats", { holder: { query: "SELECT 1" } }],
    ["one whose last statement nobody saw", { holder: { query: null } }],
    ["a leader that has worked since they came", { holder: { stateSeconds: 310 } }],
    ["one that rests for a moment", { holder: { stateSeconds: 40 }, waits: [39, 30, 20] }],
    ["a scheduler that rests, whose workers ask again every half minute", { waits: [29, 17, 4] }],
    ["a leader whose standbys have one host each", { client: (at) => `10.0.1.${at}` }],
    ["a leader with two standbys of one host", { waits: [395, 300] }],
    ["a scheduler whose application goes on with its other connections", { connections: 9 }],
    ["an election of last week", { holder: { stateSeconds: 600_000 }, waits: [590_000, 590_000, 400_000] }],
    ["a job at work under its own lock", { holder: { state: "active", statementSeconds: 400 } }],
  ])("A40 D4 %s is no more than a note", (_, world) => {
    const { finding } = told(world);
    expect(finding?.severity ?? "P3").toBe("P3");
    expect(finding?.summary).toContain("on purpose");
  });

  it("D2 says beside the note of whoever did other work since that the lock may have been left, and of nobody else", () => {
    expect(says({ holder: { stateSeconds: 310 } }).join("\n")).toContain(beside);
    for (const query of ["SELECT GET_LOCK(?, ...)", "SELECT 1", null])
      expect(says({ holder: { query } }).join("\n")).not.toContain(beside);
  });
});
