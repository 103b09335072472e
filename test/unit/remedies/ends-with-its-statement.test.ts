import { expect, it } from "vitest";
import { endsWithItsStatement } from "../../../functions/core/remedies/ends-with-its-statement.ts";
import { aView } from "../../support/evidence-builder.ts";
import { aRunning } from "../../support/forest-builder.ts";

const ends = (query: string, waitEvent: string | null) =>
  endsWithItsStatement(aView(), aRunning(7, 30, { autocommit: true, query, waitEvent }));

it("A40 a COPY that waits for its client takes no cancel", () => {
  expect(ends("COPY prices (sku, price) FROM STDIN", "Client/ClientRead")).toBe(false);
  expect(ends("COPY prices (sku, price) FROM STDIN", "IO/DataFileExtend")).toBe(true);
  expect(ends("COPY prices TO STDOUT", "Client/ClientWrite")).toBe(true);
});
