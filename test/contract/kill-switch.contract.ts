import { expect, it } from "vitest";
import type { KillSwitch } from "../../functions/core/ports.ts";

export interface SwitchUnderTest {
  readonly killSwitch: KillSwitch;
  set(value: string): Promise<void>;
  /** From now on it cannot be read. */
  breakIt(): Promise<void>;
}

export function killSwitchContract(make: () => Promise<SwitchUnderTest>): void {
  it("A41 permits actions when it is off", async () => {
    const { killSwitch, set } = await make();
    await set("off");
    expect(await killSwitch.read()).toEqual({ engaged: false, says: "off" });
  });

  it.each(["engaged", "engaged: migration until noon", " engaged\n"])(
    "A41 stops actions at %j",
    async (value) => {
      const { killSwitch, set } = await make();
      await set(value);
      expect(await killSwitch.read()).toEqual({ engaged: true, says: value.trim() });
    },
  );

  it.each(["on", "OFF", "false", "engage", "off; engaged", "engagedly"])(
    "A41 throws at %j",
    async (value) => {
      const { killSwitch, set } = await make();
      await set(value);
      await expect(killSwitch.read()).rejects.toThrow(/neither "off" nor "engaged"/);
    },
  );

  it("A41 takes effect at the very next look", async () => {
    const { killSwitch, set } = await make();
    await set("off");
    await killSwitch.read();
    await set("engaged: stop");
    expect(await killSwitch.read()).toEqual({ engaged: true, says: "engaged: stop" });
  });

  it("A41 throws as soon as it cannot be read, whatever it said before", async () => {
    const { killSwitch, set, breakIt } = await make();
    await set("off");
    await killSwitch.read();
    await breakIt();
    await expect(killSwitch.read()).rejects.toThrow(/cannot be read/);
  });
}
