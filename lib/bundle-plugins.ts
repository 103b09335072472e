import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import * as z from "zod";

/**
 * What libraries bring along as tables and cannot leave out by themselves. Each is a rule about their files, so a
 * release that names them otherwise is bundled whole: larger, and never wrong.
 */
export function trimmed(sources: string): readonly Plugin[] {
  const words = wordsOf(sources);
  return [
    awsSchemas(words),
    eventStreams,
    nameAndVersion,
    mysqlErrorNames(words),
    oneMysqlConnection,
    ...(words.has("toJSONSchema") ? [] : [jsonSchemas]),
  ];
}

/**
 * A client of the AWS SDK describes every operation of its service in one file, and has to be bundled without those
 * that nobody calls.
 */
function awsSchemas(words: ReadonlySet<string>): Plugin {
  const schemas = /@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/;
  return {
    name: "schemas of AWS",
    setup: (build) => {
      build.onLoad({ filter: schemas }, ({ path }) => ({
        contents: plainKeys(knownErrors(readFileSync(path, "utf8"), words)),
      }));
    },
  };
}

/**
 * It registers a class for every error; errors of which nobody here speaks are thrown as the service's general
 * exception with the same name, as the SDK does with errors newer than itself. Throttling keeps its class: it carries
 * what the SDK's own retries read.
 */
function knownErrors(source: string, words: ReadonlySet<string>): string {
  const registration = /^n0_registry\.registerError\((\w+)\$, \w+\);$/gm;
  return source.replace(registration, (line, error: string) =>
    words.has(error) || /throttl|TooManyRequests/i.test(error) ? line : "",
  );
}

/** `{ [_hH]: … }` may run code for all the bundler knows, so it keeps what holds one; `{ "httpHeader": … }` does not. */
function plainKeys(source: string): string {
  const names = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name = "", text = ""]) => [name, text]),
  );
  return source.replace(/([{,] )\[(_\w+)\]: /g, (whole, before: string, name: string) => {
    const text = names.get(name);
    return text === undefined ? whole : `${before}${text}: `;
  });
}

/** Loaded by the SDK only for an operation that streams events, and no operation here does. */
const eventStreams: Plugin = {
  name: "event streams of AWS",
  setup: (build) => {
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

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

/** A schema can describe itself as JSON Schema, and brings the way along whether it is ever asked or not. */
const jsonSchemas: Plugin = {
  name: "JSON Schema of zod",
  setup: (build) => {
    build.onLoad(
      { filter: /zod[/\\]v4[/\\]core[/\\](to-json-schema|json-schema-processors)\.js$/ },
      ({ path }) => {
        const names = [...readFileSync(path, "utf8").matchAll(/^export (?:function|const) (\w+)/gm)];
        return { contents: names.map(([, name]) => `export const ${name} = () => undefined;`).join("\n") };
      },
    );
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
