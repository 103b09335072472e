import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { bundleAsDeployed } from "../../lib/bundle-handlers.ts";
import type * as asWritten from "./adapters-to-bundle.ts";

/** What the bundler leaves out of libraries must be nothing that an adapter uses: for the same contracts, as deployed. */
export async function bundledAdapters(): Promise<typeof asWritten> {
  const folder = await mkdtemp(join(tmpdir(), "rds-responder-adapters-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "adapters.cjs");
  await bundleAsDeployed("test/support/adapters-to-bundle.ts", file);
  return await import(file);
}
