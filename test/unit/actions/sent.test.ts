import { expect, it } from "vitest";
import { sentNote, toldOfEarlier } from "../../../functions/core/actions/sent.ts";

it("A40 what is not known of an earlier attempt stands before the statements of this one, which are shortened", () => {
  const long = `CREATE INDEX a ON t (${"b, ".repeat(800)})`;
  const told = toldOfEarlier([1, 2, 3, 4].map(() => ({ at: "", says: sentNote(long) })));
  expect(told).toMatch(/^Whether an earlier attempt acted is not known; this one sent CREATE INDEX a ON t /);
  expect(told).toMatch(/…; 1 more\.$/);
  // What the timeline shows of an entry.
  expect(told.length).toBeLessThan(700);
});
