import { createRequire, enableCompileCache } from "node:module";
import { cacheFolder, freshBundle } from "./cli/bundle-cache.mjs";

/**
 * Starts the command line from a bundle of it, made on the first start and again after every change of a source:
 * several hundred files of TypeScript take Node most of a second to read, and whoever runs this may be in a hurry. In
 * JavaScript, because to strip the types of a single file takes Node longer than all that is done here. Without the
 * bundler, or where nothing can be written, the sources themselves are started.
 */
const { file, reason } = await freshBundle();
if (file === null) {
  if (process.stderr.isTTY) process.stderr.write(`Starting from the sources, a second slower: ${reason}\n`);
  await import("./responder.ts");
} else {
  // Node's own support for source maps reads the whole map at every start, for a crash that does not come.
  process.once("uncaughtException", async (error) => {
    const { inSources } = await import("./cli/source-positions.mjs");
    process.stderr.write(`${inSources(error, file)}\n`);
    process.exit(1);
  });
  enableCompileCache(cacheFolder);
  createRequire(import.meta.url)(file);
}
