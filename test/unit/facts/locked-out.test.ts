import { expect, it } from "vitest";
import { lockedOutBy } from "../../../functions/core/facts/locked-out.ts";
import { aView } from "../../support/evidence-builder.ts";
import { anIdleTransaction } from "../../support/forest-builder.ts";
import { aTable } from "../../support/statement-builder.ts";

const table = aTable({ table: "device_status" });
const seen = (query: string, seconds = 900) =>
  lockedOutBy(aView({ sessions: [anIdleTransaction(7, seconds, { query })] }), table)?.id ?? null;

it.each([
  ["LOCK TABLE device_status IN SHARE UPDATE EXCLUSIVE MODE", 7],
  ["lock public.device_status", 7],
  ["LOCK TABLE device_status IN ROW EXCLUSIVE MODE", null],
  ["LOCK TABLE device_status_old IN EXCLUSIVE MODE", null],
  ["UPDATE device_status SET locked = true", null],
])("D4 %s keeps autovacuum out: %s", (query, id) => {
  expect(seen(query)).toBe(id);
});

it("D4 a lock of a moment is nobody's fault", () => {
  expect(seen("LOCK TABLE device_status", 3)).toBeNull();
});
