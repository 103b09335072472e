import { expect, it } from "vitest";
import type { SettingsSource } from "../../functions/core/ports.ts";
import { defaultSettings } from "../../functions/core/settings.ts";

/** `make` gives a source that holds this value, or nothing readable when it is undefined. */
export function settingsContract(make: (value: unknown) => Promise<SettingsSource>): void {
  it("A41 has a default for whatever is left out", async () => {
    expect(await (await make({})).read()).toEqual(defaultSettings);
    const some = await make({ policy: { modes: { safe: "auto" } }, cooldownSeconds: 60 });
    expect(await some.read()).toMatchObject({
      cooldownSeconds: 60,
      policy: { modes: { safe: "auto", disruptive: "approve", irreversible: "observe" } },
    });
  });

  it("A41 throws on a value that is not valid, and names the field", async () => {
    const source = await make({ policy: { modes: { safe: "sometimes" } } });
    await expect(source.read()).rejects.toThrow(/policy\.modes\.safe/);
    await expect(source.read()).rejects.toThrow(/policy\.modes\.safe/);
  });

  it("A41 throws when there is nothing to read", async () => {
    await expect((await make(undefined)).read()).rejects.toThrow();
  });

  it("A41 is not changed through settings that were read", async () => {
    const source = await make({ policy: { approvers: ["U1"] } });
    (await source.read()).policy.approvers.push("U2");
    expect((await source.read()).policy.approvers).toEqual(["U1"]);
  });
}
