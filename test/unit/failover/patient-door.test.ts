import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import type { NodeLook } from "../../../functions/core/contract/failover-topology.ts";
import { createPatientDoor } from "../../../functions/core/failover/patient-door.ts";
import { aLook, noAnswer } from "../../support/failover-builder.ts";

/** A door whose looks are answered when the test says so. */
function silentDoor() {
  const clock = createVirtualClock();
  const asked: { answer(look: NodeLook): void; fail(): void }[] = [];
  const door = createPatientDoor(
    {
      look: () =>
        new Promise((resolve, reject) => {
          asked.push({ answer: resolve, fail: () => reject(new Error("no function")) });
        }),
      fence: async () => undefined,
      unfence: async () => undefined,
    },
    clock,
  );
  const look = () => door.look({ id: "orders-db" }, { nodes: [] });
  return { clock, asked, look };
}

/** It did not answer at the first look. */
async function silentOnce() {
  const it = silentDoor();
  const first = it.look();
  it.asked[0]?.answer(noAnswer);
  expect(await first).toBe(noAnswer);
  return it;
}

describe("a look at a host that does not answer", () => {
  it("F9 is waited for to the end the first time", async () => {
    const { clock, asked, look } = silentDoor();
    let told = false;
    const first = look().finally(() => {
      told = true;
    });
    await clock.advance(9000);
    expect(told).toBe(false);
    asked[0]?.answer(noAnswer);
    expect(await first).toBe(noAnswer);
  });

  it("F9 goes on beside the run from then on: what was known stands for a moment's wait, and one look is under way", async () => {
    const { clock, asked, look } = await silentOnce();
    for (let round = 0; round < 3; round += 1) {
      const again = look();
      await clock.advance(250);
      expect(await again).toBe(noAnswer);
    }
    expect(asked).toHaveLength(2);
  });

  it("F5 shows who is back as soon as it answers, at once or at the next look", async () => {
    const { clock, asked, look } = await silentOnce();
    const back = aLook({ writable: true });
    const again = look();
    await clock.advance(250);
    expect(await again).toBe(noAnswer);
    const next = look();
    asked[1]?.answer(back);
    expect(await next).toBe(back);
    const after = look();
    asked[2]?.answer(back);
    expect(await after).toBe(back);
    expect(asked).toHaveLength(3);
  });

  it("F5 is waited for again where what is known is older than ten seconds", async () => {
    const { clock, asked, look } = await silentOnce();
    const beside = look();
    await clock.advance(250);
    await beside;
    await clock.advance(10_000);
    let told = false;
    const waited = look().finally(() => {
      told = true;
    });
    await clock.advance(1000);
    expect([told, asked.length]).toEqual([false, 2]);
    asked[1]?.answer(aLook());
    expect(await waited).toMatchObject({ reachable: true });
  });

  it("F9 ends with the run, and is not left behind", async () => {
    const clock = createVirtualClock();
    const ended: string[] = [];
    const door = createPatientDoor(
      {
        look: (_node, _topology, signal) =>
          new Promise((resolve) => {
            if (ended.push("begun") === 1) return resolve(noAnswer);
            signal?.addEventListener("abort", () => {
              ended.push("cut");
              resolve(noAnswer);
            });
          }),
        fence: async () => undefined,
        unfence: async () => undefined,
        close: async () => void ended.push("closed"),
      },
      clock,
    );
    await door.look({ id: "orders-db" }, { nodes: [] });
    const beside = door.look({ id: "orders-db" }, { nodes: [] });
    await clock.advance(250);
    await beside;
    await door.close?.();
    expect(ended).toEqual(["begun", "begun", "cut", "closed"]);
  });

  it("F3 is begun anew where it broke, and a failure that nobody waited for is no crash", async () => {
    const { clock, asked, look } = await silentOnce();
    const again = look();
    await clock.advance(250);
    expect(await again).toBe(noAnswer);
    asked[1]?.fail();
    await clock.advance(1);
    const next = look();
    await clock.advance(250);
    expect(await next).toBe(noAnswer);
    expect(asked).toHaveLength(3);
  });
});
