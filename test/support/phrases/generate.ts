import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorMessages, programTexts } from "./binary-texts.ts";
import { isGrave, isOfRds } from "./graver.ts";
import { grouped, wrapped } from "./group-pairs.ts";
import { managedMessages } from "./managed-messages.ts";
import { phrasesOf } from "./phrases.ts";
import { postgresMessages } from "./postgres-source.ts";

/**
 * Writes the phrases of the servers' messages anew: `npm run phrases -- FOLDER…`. Below the folders are looked for
 * PostgreSQL's sources (of each major version at hand: `apt-get source postgresql-18`), MySQL's errmsg.sys, and MariaDB's
 * program. What test/lab/engines unpacks has the latter two.
 */
const home = "functions/core/text";
const files = process.argv
  .slice(2)
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  )
  .toSorted();
const backends = files.filter((file) => file.endsWith("/src/backend"));
const errmsg = files.filter((file) => file.endsWith("/english/errmsg.sys"));
const programs = files.filter((file) => file.endsWith("/sbin/mariadbd") && statSync(file).isFile());
const messages = [
  ...backends
    .flatMap(postgresMessages)
    .filter(isGrave)
    .map(({ text }) => text),
  ...errmsg.flatMap((file) => errorMessages(file)).filter(isOfRds),
  ...programs.flatMap(programTexts).filter(isOfRds),
  ...managedMessages,
];
const phrases = phrasesOf([...new Set(messages)].toSorted());
const { byFirst, bySecond } = grouped(phrases.pairs);

write(
  "server-phrases-by-first",
  "Two words that the servers say side by side: the first, and each that follows it.",
  {
    phrasesByFirst: byFirst,
  },
);
write(
  "server-phrases-by-second",
  "Two words that the servers say side by side: the second, and each before it.",
  {
    phrasesBySecond: bySecond,
  },
);
write(
  "server-phrase-words",
  "What the servers say beside their own numbers, and what settings and the like are named.",
  {
    beforeNumbers: phrases.beforeNumber,
    behindNumbers: phrases.behindNumber,
    beforeLastNumbers: [...Map.groupBy(phrases.beforeLast, ([, second]) => second)]
      .map(([second, pairs]) => [`|${second}`, ...pairs.map(([first]) => first)].join(" "))
      .toSorted(),
    namesOfSettings: phrases.names,
  },
);
process.stdout.write(
  `${backends.length} sources of PostgreSQL, ${errmsg.length} of MySQL, ${programs.length} of MariaDB: ${messages.length} messages, ${phrases.pairs.length} pairs\n`,
);

function write(name: string, what: string, texts: Readonly<Record<string, readonly string[]>>): void {
  const parts = Object.entries(texts).map(([key, words]) => `export const ${key} = \`${wrapped(words)}\`;\n`);
  const head = `/** ${what} Made by test/support/phrases/generate.ts. */\n`;
  writeFileSync(join(home, `${name}.ts`), head + parts.join("\n"));
}
