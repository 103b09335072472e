import { describe, expect, it } from "vitest";
import { lazily } from "../../../functions/handlers/lazily.ts";

describe("a handler that is wired by its first event", () => {
  it("Q1 answers a wake-up once what can be read ahead is read, and handles nothing", async () => {
    const done: string[] = [];
    const handler = lazily(
      () => async () => done.push("handled"),
      async () => {
        await Promise.resolve();
        done.push("read ahead");
      },
    );
    expect(await handler({ wake: true })).toEqual({ awake: true });
    expect(done).toEqual(["read ahead"]);
  });

  it("Q1 is wired once, and reads nothing ahead for an event that has work", async () => {
    let wired = 0;
    let ahead = 0;
    const handler = lazily(
      () => {
        wired += 1;
        return async (event: unknown) => event;
      },
      async () => {
        ahead += 1;
      },
    );
    expect(await handler({ step: "prepare", wake: true })).toEqual({ step: "prepare", wake: true });
    await handler({ wake: true });
    expect([wired, ahead]).toEqual([1, 1]);
  });
});
