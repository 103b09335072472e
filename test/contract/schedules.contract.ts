import { expect, it } from "vitest";
import type { ScheduleName, Schedules } from "../../functions/core/schedule-ports.ts";

export interface SchedulesUnderTest {
  readonly schedules: Schedules;
  /** An enabled rule and an enabled schedule; and something that is not there. */
  readonly there: readonly ScheduleName[];
}

export function schedulesContract(make: () => Promise<SchedulesUnderTest>): void {
  it("A14 are looked at, paused and resumed, and are otherwise what they were", async () => {
    const { schedules, there } = await make();
    for (const of of there) {
      const before = await schedules.look(of);
      expect(before).toMatchObject({ state: "ENABLED", managedBy: null });
      const mark = before?.mark ?? "";
      expect(await schedules.turn(of, { on: false, mark })).toBe("sent");
      expect(await schedules.look(of)).toEqual({ ...before, state: "DISABLED" });
      expect(await schedules.turn(of, { on: true, mark })).toBe("sent");
      expect(await schedules.look(of)).toEqual(before);
    }
  });

  it("A14 are left alone where they are another, or gone", async () => {
    const { schedules, there } = await make();
    const [first] = there;
    if (first === undefined) throw new Error("nothing is there");
    expect(await schedules.turn(first, { on: false, mark: "another" })).toBe("changed");
    expect(await schedules.look(first)).toMatchObject({ state: "ENABLED" });
    const gone = { ...first, name: "nothing" };
    expect(await schedules.look(gone)).toBeNull();
    expect(await schedules.turn(gone, { on: false, mark: "" })).toBe("changed");
  });
}
