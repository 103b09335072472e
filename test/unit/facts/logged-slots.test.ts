import { expect, it } from "vitest";
import { loggedSlot } from "../../../functions/core/facts/logged-slots.ts";
import { collectedAt } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const log = { file: "error/postgresql.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
const begins = (slot: string, minutesAgo: number): string => {
  const at = new Date(Date.parse(collectedAt) - minutesAgo * 60_000).toISOString();
  return `${at.slice(0, 19).replace("T", " ")} UTC:10.0.4.7(40130):cdc@app:[174]:LOG:  starting logical decoding for slot "${slot}"`;
};
const named = (...lines: readonly string[]) =>
  loggedSlot(metricView({ context: { logs: [{ ...log, lines: [...lines] }] } }));

it("D7 the log names the slot whose consumer begins again and again", () => {
  expect(named(begins("orders_cdc", 40), begins("audit", 30), begins("orders_cdc", 20))).toBe(
    "; its log names slot orders_cdc, whose consumer began 2 times",
  );
  expect(named()).toBe("");
  expect(named(begins("orders_cdc", 40), begins("audit", 30))).toBe("");
});
