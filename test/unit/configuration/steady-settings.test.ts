import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import {
  createMemoryKeptSettings,
  createMemoryParameter,
} from "../../../functions/adapters/memory/memory-settings.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { createSteadySettings } from "../../../functions/core/configuration/steady-settings.ts";
import type { KeptSettings } from "../../../functions/core/settings-ports.ts";

const minute = 60_000;
const misspelt = JSON.stringify({ policy: { protectedUser: ["etl"] } });

function scene(kept: KeptSettings = createMemoryKeptSettings()) {
  const parameter = createMemoryParameter(JSON.stringify({ cooldownSeconds: 1 }));
  const [clock, log] = [createVirtualClock(), createCollectingLog()];
  const start = (freshMs = 0) => createSteadySettings({ parameter, kept, clock, log, freshMs });
  const counted = () => log.metrics.filter(({ name }) => name === "SettingsInvalid").length;
  return { parameter, kept, clock, log, start, counted };
}

const downStore: KeptSettings = {
  read: () => Promise.reject(new Error("the table is down")),
  keep: () => Promise.reject(new Error("the table is down")),
};

describe("steady settings", () => {
  it("A41 stay wrong while Parameter Store is silent: silence makes no wrong policy right", async () => {
    const { parameter, start } = scene();
    const source = start();
    await source.read();
    parameter.write(misspelt);
    await source.read();
    parameter.fail("throttled");
    expect((await source.readWithStanding()).standing).toMatchObject({
      kind: "invalid",
      version: 2,
      instead: 1,
    });
  });

  it("A41 take the newest good ones that anybody saw, not those that this process saw itself", async () => {
    const { parameter, start } = scene();
    const [early, late] = [start(), start()];
    await early.read();
    parameter.write(JSON.stringify({ cooldownSeconds: 2 }));
    await late.read();
    parameter.write(misspelt);
    expect(await early.readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 2 },
      standing: { kind: "invalid", version: 3, instead: 2 },
    });
  });

  it("A41 are what was read, also when the table for the last good ones is down", async () => {
    const { parameter, start, log } = scene(downStore);
    const source = start();
    expect((await source.readWithStanding()).standing.kind).toBe("in-force");
    expect(log.lines.map(({ event }) => event)).toEqual(["settings.not-kept"]);
    parameter.write(misspelt);
    expect(await source.readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 1 },
      standing: { kind: "invalid", instead: 1 },
    });
    expect((await start().readWithStanding()).settings.policy.modes.safe).toBe("observe");
  });

  it("A41 are kept by the next reading when the table was down at the first", async () => {
    const kept = createMemoryKeptSettings();
    let isDown = true;
    const { start } = scene({ ...kept, read: () => (isDown ? downStore.read() : kept.read()) });
    const source = start();
    await source.read();
    isDown = false;
    await source.read();
    expect((await kept.read())?.version).toBe(1);
  });

  it("A41 are written into the table once for each change, however often they are read", async () => {
    const kept = createMemoryKeptSettings();
    let writes = 0;
    const counting: KeptSettings = {
      ...kept,
      keep: async (text) => {
        writes += 1;
        return kept.keep(text);
      },
    };
    const { parameter, start } = scene(counting);
    for (const source of [start(), start()]) for (let times = 0; times < 3; times += 1) await source.read();
    expect(writes).toBe(1);
    parameter.write(JSON.stringify({ cooldownSeconds: 2 }));
    for (const source of [start(), start()]) await source.read();
    expect(writes).toBe(2);
  });

  it("A41 that were good for another version of the responder and are not for this one are not used", async () => {
    const { parameter, kept, start, log } = scene();
    await kept.keep({ text: JSON.stringify({ oldSetting: 1 }), version: 9, modifiedAt: 9 });
    parameter.fail("throttled");
    expect((await start().readWithStanding()).standing).toMatchObject({ kind: "unreadable", instead: null });
    expect(log.lines.map(({ event }) => event)).toContain("settings.kept-not-valid");
  });

  it("Q3 of a size that nobody writes do not go into the table", async () => {
    const { parameter, kept, start } = scene();
    parameter.write(JSON.stringify({ exempt: { orders: "x".repeat(20_000) } }));
    expect((await start().readWithStanding()).standing.kind).toBe("in-force");
    expect(await kept.read()).toBeNull();
  });

  it("Q5 count for the alarm at every reading while they are wrong or long unread, and not before", async () => {
    const { parameter, clock, start, counted } = scene();
    const source = start();
    await source.read();
    parameter.fail("throttled");
    await clock.advance(10 * minute);
    await source.read();
    expect(counted()).toBe(0);
    await clock.advance(1);
    await source.read();
    parameter.fail(null);
    parameter.write(misspelt);
    await source.read();
    await source.read();
    expect(counted()).toBe(3);
    parameter.write("{}");
    await source.read();
    expect(counted()).toBe(3);
  });

  it("A41 of a process that met one throttled call as its first are asked about, told to nobody and read again soon", async () => {
    const { parameter, kept, clock, log, start, counted } = scene();
    await start().read();
    parameter.fail("throttled");
    const cold = createSteadySettings({ parameter, kept, clock, log });
    expect(await cold.readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 1 },
      standing: { kind: "unreadable", instead: 1, maybePassing: true },
    });
    expect(counted()).toBe(0);
    parameter.fail(null);
    await clock.advance(5000);
    expect((await cold.readWithStanding()).standing.kind).toBe("in-force");
  });

  it("A41 of a process that never had an answer are told after ten minutes, and at once when none that are good were kept", async () => {
    const { parameter, clock, start, counted } = scene();
    await start().read();
    parameter.fail("throttled");
    const cold = start();
    await cold.read();
    await clock.advance(10 * minute);
    await cold.read();
    expect(counted()).toBe(0);
    await clock.advance(1);
    const { standing } = await cold.readWithStanding();
    expect(standing).toEqual({
      kind: "unreadable",
      instead: 1,
      reason: expect.stringContaining("throttled"),
    });
    expect(counted()).toBe(1);
    const bare = scene();
    bare.parameter.fail("throttled");
    expect((await bare.start().readWithStanding()).standing).not.toHaveProperty("maybePassing");
    expect(bare.counted()).toBe(1);
  });

  it("Q2 are read once for all who ask in the same moment, and once in half a minute", async () => {
    const { parameter, kept, clock, log } = scene();
    let reads = 0;
    const counting = {
      read: async () => {
        reads += 1;
        return parameter.read();
      },
    };
    const source = createSteadySettings({ parameter: counting, kept, clock, log });
    await Promise.all([source.read(), source.readWithStanding(), source.read()]);
    await clock.advance(29_999);
    await source.read();
    expect(reads).toBe(1);
    await clock.advance(1);
    await source.read();
    expect(reads).toBe(2);
  });
});
