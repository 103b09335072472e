import { describe, expect, it } from "vitest";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import type { SettingsStanding } from "../../../functions/core/contract/settings-standing.ts";
import { aSummary, look, play } from "../../support/incident-play.ts";

const fault = "policy.protectedUser: there is no such setting; did you mean protectedUsers?";

function invalid(
  version: number,
  overrides: Partial<Extract<SettingsStanding, { kind: "invalid" }>> = {},
): SettingsStanding {
  return { kind: "invalid", version, modifiedAt: version, faults: [fault], instead: 1, ...overrides };
}
const inForce = (version: number) => ({ kind: "in-force", version, modifiedAt: version }) as const;
const unreadable = { kind: "unreadable", reason: "AccessDenied", instead: 1 } as const;
const waiting = { kind: "waiting" } as const;

/** One look after the other, each with what its settings were. */
function looked(...standings: readonly SettingsStanding[]): Incident {
  const events = standings.map((settingsStanding, index) =>
    look(index + 1, (index + 1) * 20, aSummary(), { settingsStanding }),
  );
  return play(events);
}

const notes = ({ timeline }: Incident): string[] =>
  timeline.filter(({ kind }) => kind === "note").map(({ says }) => says);

describe("settings in the story of an incident", () => {
  it("A41 that are right are not told", () => {
    expect(notes(looked(inForce(1), inForce(2), waiting))).toEqual([]);
  });

  it("A41 that are wrong are told once, with the field, what holds meanwhile, and once when they are right", () => {
    const story = looked(inForce(1), invalid(2), invalid(2), waiting, invalid(2), inForce(3), inForce(3));
    expect(notes(story)).toEqual([
      `Version 2 of the settings is not valid and is not used. ${fault} Version 1 goes on, and nothing is done without a click until then.`,
      "The settings are right again: version 3 is in force.",
    ]);
  });

  it("A41 that are wrong in another way are told again, and a way back is told each time", () => {
    const other = invalid(3, { faults: ["watches: there is no such setting; did you mean watch?"] });
    const said = notes(looked(invalid(2), other, inForce(4), invalid(5), inForce(6)));
    expect(said.map((text) => text.slice(0, 26))).toEqual([
      "Version 2 of the settings ",
      "Version 3 of the settings ",
      "The settings are right aga",
      "Version 5 of the settings ",
      "The settings are right aga",
    ]);
  });

  it("A41 that a slower process still has are no news", () => {
    const story = looked(invalid(2), inForce(1), invalid(2), inForce(3), invalid(2), inForce(3));
    expect(notes(story)).toHaveLength(2);
  });

  it("A41 that a process which has just started could not read are not told, neither then nor when it can", () => {
    const passing = { ...unreadable, maybePassing: true };
    expect(notes(looked(passing, inForce(1)))).toEqual([]);
    expect(notes(looked(passing, unreadable, inForce(1)))).toHaveLength(2);
  });

  it("A41 that cannot be read are told once, and once when they can be", () => {
    const said = notes(looked(inForce(1), unreadable, unreadable, inForce(1), inForce(1)));
    expect(said).toEqual([
      "The settings cannot be read (AccessDenied). Version 1 goes on, and nothing is done without a click until then.",
      "The settings are right again: version 1 is in force.",
    ]);
  });

  it("A41 that are known to be wrong and cannot be read now are no second news", () => {
    expect(notes(looked(invalid(2), unreadable, invalid(2)))).toHaveLength(1);
    expect(notes(looked(unreadable, invalid(2), inForce(3)))).toHaveLength(3);
  });

  it("A41 of which none are good are told with what that means", () => {
    expect(notes(looked(invalid(1, { instead: null })))).toEqual([
      expect.stringContaining("everything is only observed"),
    ]);
  });

  it("Q3 with more wrong fields than one entry holds are told in several, and every field is in one", () => {
    const faults = Array.from({ length: 20 }, (_, index) => `policy.field${index}: ${"x".repeat(150)}`);
    const said = notes(looked(invalid(2, { faults })));
    expect(Math.max(...said.map(({ length }) => length))).toBeLessThanOrEqual(700);
    expect(said.join()).not.toContain("…");
    for (let index = 0; index < 20; index += 1) expect(said.join()).toContain(`policy.field${index}:`);
  });

  it("A41 say nothing where an older machine hands over nothing", () => {
    expect(notes(play([look(1, 20, aSummary())]))).toEqual([]);
  });
});
