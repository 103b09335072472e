import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { bundleAsDeployed } from "../../lib/bundle-handlers.ts";

/** The exports of a file, bundled as the handlers are: what is left out of libraries must be nothing that they use. */
export async function bundledFile<T>(entry: string): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rds-responder-adapters-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "bundle.cjs");
  await bundleAsDeployed(entry, file);
  return await import(file);
}
