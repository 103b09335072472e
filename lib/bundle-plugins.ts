import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import * as z from "zod";
import { trimAws } from "./trim-aws.ts";
import { trimSlack } from "./trim-slack.ts";
import { trimZod } from "./trim-zod.ts";

/**
 * What libraries bring along as tables and cannot leave out by themselves. Each is a rule about their files, so a
 * release that names them otherwise is bundled whole: larger, and never wrong.
 */
export function trimmed(sources: string): readonly Plugin[] {
  const words = wordsOf(sources);
  return [
    ...trimAws(words),
    ...trimSlack(words),
    ...trimZod(words),
    nameAndVersion,
    mysqlErrorNames(words),
    oneMysqlConnection,
  ];
}

/** All that a library reads of its own package.json. */
const nameAndVersion: Plugin = {
  name: "name and version",
  setup: (build) => {
    build.onLoad({ filter: /node_modules[/\\].*[/\\]package\.json$/ }, ({ path }) => {
      const { name, version } = z
        .object({ name: z.string(), version: z.string() })
        .parse(JSON.parse(readFileSync(path, "utf8")));
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
  },
};

/**
 * mysql2 without its pools, its server, its reading of binary logs, and the parsers that it compiles for each statement
 * unless told not to (functions/adapters/mysql/connect.ts): an empty class stands where it exports one.
 */
const oneMysqlConnection: Plugin = {
  name: "one connection to MySQL",
  setup: (build) => {
    const unused =
      /mysql2[/\\]lib[/\\](\w+[/\\])?(pool\w*|server_handshake|binlog_\w+|register_slave|(text|binary)_parser)\.js$/;
    build.onLoad({ filter: unused }, () => ({ contents: "module.exports = class {};" }));
  },
};

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
