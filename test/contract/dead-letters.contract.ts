import { expect, it } from "vitest";
import type { DeadLetters } from "../../functions/core/ports.ts";

export interface DeadLettersUnderTest {
  readonly deadLetters: DeadLetters;
  /** What lies there, oldest first. */
  received(): Promise<readonly unknown[]>;
}

export function deadLettersContract(make: () => Promise<DeadLettersUnderTest>): void {
  it("S9 keeps a rejected event with its reason, code and field", async () => {
    const { deadLetters, received } = await make();
    const rejection = {
      code: "wrong-shape",
      reason: "expected a string",
      field: "detail.alarmName",
      raw: { detail: { alarmName: 7, text: "数据库 \u0000 \uFFFF" } },
    } as const;
    await deadLetters.send(rejection);
    expect(await received()).toEqual([expect.objectContaining(rejection)]);
  });

  it("S9 keeps an event that is not an object", async () => {
    const { deadLetters, received } = await make();
    await deadLetters.send({ code: "not-json", reason: "no JSON", field: null, raw: "<!doctype html>" });
    expect(await received()).toEqual([expect.objectContaining({ field: null, raw: "<!doctype html>" })]);
  });
}
