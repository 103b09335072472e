import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/**
 * What libraries bring along as tables and cannot leave out by themselves. Each is a rule about their files, so a
 * release that names them otherwise is bundled whole: larger, and never wrong.
 */
export function trimmed(sources: string): readonly Plugin[] {
  const words = wordsOf(sources);
  return [awsErrors(words), mysqlErrorNames(words)];
}

/**
 * A client of the AWS SDK registers a class for every error of its service; errors of which nobody here speaks are
 * thrown as the service's general exception with the same name, as the SDK does with errors newer than itself.
 * Throttling keeps its class: it carries what the SDK's own retries read.
 */
function awsErrors(words: ReadonlySet<string>): Plugin {
  const schemas = /@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/;
  const registration = /^n0_registry\.registerError\((\w+)\$, \w+\);$/gm;
  return {
    name: "errors of AWS",
    setup: (build) => {
      build.onLoad({ filter: schemas }, ({ path }) => ({
        contents: readFileSync(path, "utf8").replace(registration, (line, error: string) =>
          words.has(error) || /throttl|TooManyRequests/i.test(error) ? line : "",
        ),
      }));
    },
  };
}

/**
 * The driver's table of 2,000 numbers holds each twice, by name and by number. A client needs the name of a number, and
 * where nobody here speaks of either, the number alone tells as much.
 */
function mysqlErrorNames(words: ReadonlySet<string>): Plugin {
  return {
    name: "names of MySQL errors",
    setup: (build) => {
      build.onLoad({ filter: /mysql2[/\\]lib[/\\]constants[/\\]errors\.js$/ }, ({ path }) => {
        const names: Readonly<Record<string, unknown>> = { ...createRequire(import.meta.url)(path) };
        const kept = Object.entries(names).filter(
          ([key, name]) => /^\d+$/.test(key) && (words.has(key) || words.has(String(name))),
        );
        return { contents: `module.exports = ${JSON.stringify(Object.fromEntries(kept))};` };
      });
    },
  };
}

function wordsOf(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  return new Set(files.flatMap((file) => readFileSync(join(folder, file), "utf8").match(/\w+/g) ?? []));
}
