import { existsSync } from "node:fs";
import { mariadbBinaries } from "./mariadb-binaries.ts";
import { mariadbTemplate } from "./mariadb-server.ts";
import { mysqlBinaries } from "./mysql-binaries.ts";
import { mysqlTemplate } from "./mysql-server.ts";
import { postgresBinaries, postgresMajors } from "./postgres-binaries.ts";
import { cronAvailability } from "./postgres-cron.ts";
import { postgresTemplate } from "./postgres-template.ts";

/** Downloads and initialises everything the engine tests need, so that no test waits for it. Exits 1 when an engine is missing. */

interface Step {
  readonly name: string;
  readonly prepare: () => Promise<{ version: string; source: string }>;
}

const steps: Step[] = [
  ...postgresMajors.map((major) => ({
    name: `postgres ${major}`,
    prepare: async () => {
      const binaries = await postgresBinaries(major);
      await postgresTemplate(major, binaries);
      return binaries;
    },
  })),
  { name: "mysql", prepare: () => withTemplate(mysqlBinaries, mysqlTemplate) },
  { name: "mariadb", prepare: () => withTemplate(mariadbBinaries, mariadbTemplate) },
];

for (const tool of ["/usr/bin/apt-get", "/usr/bin/dpkg-deb"]) {
  if (process.platform === "linux" && !existsSync(tool))
    console.log(`missing ${tool}: MySQL and MariaDB must be installed`);
}
for (const { name, prepare } of steps) await report(name, prepare);
const cron = await cronAvailability();
console.log(`${cron.ok ? "ok     " : "WITHOUT"} pg_cron: ${cron.reason}`);

async function withTemplate<B extends { version: string; source: string }>(
  find: () => Promise<B>,
  build: (binaries: B) => Promise<string>,
): Promise<B> {
  const binaries = await find();
  await build(binaries);
  return binaries;
}

async function report(name: string, prepare: Step["prepare"]): Promise<void> {
  const started = performance.now();
  const took = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    const { version, source } = await prepare();
    console.log(`ok      ${name}: ${version} from ${source} (${took()})`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`MISSING ${name} (${took()}): ${error instanceof Error ? error.message : String(error)}`);
  }
}
