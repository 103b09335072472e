import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { settingsSchema } from "../../functions/core/settings.ts";
import { bundleFiles } from "../../lib/bundle-handlers.ts";
import { allScenarioNames, loadRecording } from "../scenarios/folders.ts";

const directory = await mkdtemp(join(tmpdir(), "rds-responder-diagnosis-"));
afterAll(() => rm(directory, { recursive: true, force: true }));
await bundleFiles({ diagnose: "functions/core/diagnosis/diagnose.ts" }, directory);
const bundled: { readonly diagnose: typeof diagnose } = createRequire(import.meta.url)(
  join(directory, "diagnose/index.js"),
);

/** Both minifiers go over it, and no test else runs what they have made of the rules. */
describe("the diagnosis as it is bundled", () => {
  it.each(allScenarioNames())("Q1 says of %s what the source says", (name) => {
    const { evidence, thresholds } = loadRecording(name);
    const settings = settingsSchema.parse({ thresholds });
    expect(bundled.diagnose(evidence, settings)).toEqual(diagnose(evidence, settings));
  });
});
