import { expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { foreignKeyLookup, keptLookup } from "../../../functions/core/text/foreign-key-lookup.ts";

const said =
  'SQL statement "SELECT 1 FROM ONLY "public"."attachments" x WHERE $1 OPERATOR(pg_catalog.=) "tenant_id" AND $2 OPERATOR(pg_catalog.=) "message_id" FOR KEY SHARE OF x"';
const kept = 'foreign key look-up in "public"."attachments" ("tenant_id", "message_id")';

it("D4 the server's own look-up is kept by its names, and stays so", () => {
  expect(foreignKeyLookup(said)).toBe(kept);
  expect(foreignKeyLookup(kept)).toBe(kept);
  expect(keptLookup.exec(kept)?.slice(1)).toEqual(["public", "attachments", '"tenant_id", "message_id"']);
});

it.each([
  'SQL statement "SELECT 1 FROM ONLY "public"."attachments" x WHERE note = \'secret\' FOR KEY SHARE OF x"',
  "SQL statement \"DELETE FROM people WHERE name = 'Zebulon'\"",
])("C3 any other statement is none: %s", (line) => {
  expect(foreignKeyLookup(line)).toBeNull();
});

it("C3 in a log nothing else of a CONTEXT is shown for it", () => {
  const head = "2026-11-30 15:59:30 UTC:10.4.40.8(51431):purge@shop:[9399]:";
  const text = [
    `${head}ERROR:  canceling statement due to statement timeout`,
    `${head}CONTEXT:  ${said}\n\tPL/pgSQL function purge(text) line 3 at SQL statement\n\tSQL statement "CALL purge('Zebulon')"`,
  ].join("\n");
  const options = { dialect: "postgres", queryText: "normalised", maxLines: 9, maxLineLength: 900 } as const;
  const { lines } = cleanLog(
    { file: "x", kind: "error", lastWrittenAt: null, truncated: false, text },
    options,
  );
  expect(lines[1]).toContain(`CONTEXT: ${kept} PL/pgSQL function purge(text) line 3`);
  expect(lines.join("\n")).not.toContain("Zebulon");
});
