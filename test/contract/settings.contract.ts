import { describe, expect, it } from "vitest";
import { defaultSettings } from "../../functions/core/settings.ts";
import type { KeptSettings, SettingsParameter, SettingsSource } from "../../functions/core/settings-ports.ts";

export interface SettingsUnderTest {
  /** Of a process that has just started; each reading asks anew. */
  cold(): SettingsSource;
  write(text: string): Promise<void>;
  /** From now on nobody can read the parameter. */
  breakIt(): Promise<void>;
}

/** `make` gives settings that nobody has written or read yet. */
export function settingsContract(make: () => Promise<SettingsUnderTest>): void {
  const good = JSON.stringify({ cooldownSeconds: 60, policy: { protectedUsers: ["etl"] } });
  const misspelt = JSON.stringify({ cooldownSeconds: 70, policy: { protectedUser: ["etl", "billing"] } });
  const observing = { safe: "observe", disruptive: "observe", irreversible: "observe" };

  it("A41 have a default for whatever is left out", async () => {
    const { cold, write } = await make();
    await write("{}");
    expect(await cold().read()).toEqual(defaultSettings);
    await write(JSON.stringify({ policy: { modes: { safe: "auto" } }, cooldownSeconds: 60 }));
    expect(await cold().readWithStanding()).toMatchObject({
      settings: {
        cooldownSeconds: 60,
        policy: { modes: { safe: "auto", disruptive: "approve", irreversible: "observe" } },
      },
      standing: { kind: "in-force", version: 2 },
    });
  });

  it("A41 are not changed through settings that were read", async () => {
    const { cold, write } = await make();
    await write(JSON.stringify({ policy: { approvers: ["U1"] } }));
    const source = cold();
    (await source.read()).policy.approvers.push("U2");
    expect((await source.read()).policy.approvers).toEqual(["U1"]);
  });

  it("A41 go on as they last were good while the newest are not, also for a process that never read them", async () => {
    const { cold, write } = await make();
    await write(good);
    const warm = cold();
    await warm.read();
    await write(misspelt);
    for (const source of [warm, cold()]) {
      expect(await source.readWithStanding()).toMatchObject({
        settings: { cooldownSeconds: 60, policy: { protectedUsers: ["etl"] } },
        standing: {
          kind: "invalid",
          version: 2,
          instead: 1,
          faults: ["policy.protectedUser: there is no such setting; did you mean protectedUsers?"],
        },
      });
    }
    await write(JSON.stringify({ cooldownSeconds: 90 }));
    expect(await warm.readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 90 },
      standing: { kind: "in-force", version: 3 },
    });
  });

  it("A41 only observe while none that are good were ever seen, and are told where people wanted to be told", async () => {
    const { cold, write } = await make();
    await write(JSON.stringify({ slack: { channel: "#dba" }, policy: { modes: { safe: "auto" }, mode: 1 } }));
    expect(await cold().readWithStanding()).toMatchObject({
      settings: { slack: { channel: "#dba" }, policy: { modes: observing, approvers: [] } },
      standing: { kind: "invalid", instead: null, faults: [expect.stringContaining("policy.mode")] },
    });
  });

  it("A41 go on as they last were good for a cold process that cannot read them, and only observe without any", async () => {
    const { cold, write, breakIt } = await make();
    expect(await cold().readWithStanding()).toMatchObject({
      settings: { policy: { modes: observing } },
      standing: { kind: "unreadable", instead: null },
    });
    await write(good);
    await cold().read();
    await breakIt();
    expect(await cold().readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 60 },
      standing: { kind: "unreadable", instead: 1 },
    });
  });
}

export function parameterContract(
  make: (text: string) => Promise<{ parameter: SettingsParameter; write(text: string): Promise<void> }>,
): void {
  it("A41 is read with a version that every writing raises, and a time that never goes back", async () => {
    const { parameter, write } = await make("{}");
    const first = await parameter.read();
    expect(first).toMatchObject({ text: "{}", version: 1 });
    await write("no settings at all");
    const second = await parameter.read();
    expect(second).toMatchObject({ text: "no settings at all", version: 2 });
    expect(second.modifiedAt).toBeGreaterThanOrEqual(first.modifiedAt);
  });
}

export function keptSettingsContract(make: () => Promise<KeptSettings>): void {
  const text = (version: number, modifiedAt = version) => ({ text: `text ${version}`, version, modifiedAt });

  describe("the last good settings", () => {
    it("A41 are none at first, then the last that were kept", async () => {
      const kept = await make();
      expect(await kept.read()).toBeNull();
      expect(await kept.keep(text(1))).toBe(true);
      expect(await kept.keep(text(2))).toBe(true);
      expect(await kept.read()).toEqual(text(2));
    });

    it("A41 are never replaced by an older reading, nor written again by the same", async () => {
      const kept = await make();
      await kept.keep(text(7));
      expect(await kept.keep(text(6))).toBe(false);
      expect(await kept.keep(text(7))).toBe(false);
      expect(await kept.keep({ ...text(8), modifiedAt: 7 })).toBe(true);
      expect(await kept.read()).toEqual({ ...text(8), modifiedAt: 7 });
    });

    it("A41 are replaced by a parameter that was made anew and counts from 1 again", async () => {
      const kept = await make();
      await kept.keep(text(40));
      expect(await kept.keep(text(1, 41))).toBe(true);
      expect((await kept.read())?.version).toBe(1);
    });
  });
}
