/**
 * Stands in for the package iconv-lite in the bundles of the functions (see bundling() in lib/node-function.ts):
 * mysql2 asks it only for character sets that Node's Buffer does not know. The connection is utf8mb4, so that is
 * never its own text; Node's TextDecoder reads the rest, without 60 KB of tables.
 */
export interface Decoder {
  write(bytes: Uint8Array): string;
  end(): string;
}

/** mysql2's name for MySQL's three-byte utf8: the same as UTF-8 for everything that it can hold. */
const aliases: Readonly<Record<string, string>> = { cesu8: "utf-8" };

/** Throws RangeError for a character set that neither Buffer nor TextDecoder knows. */
export function getDecoder(charset: string): Decoder {
  const decoder = new TextDecoder(aliases[charset] ?? charset);
  return {
    write: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  };
}

/** Text is only ever sent as utf8mb4, which Buffer encodes. */
export function getEncoder(charset: string): never {
  throw new RangeError(`nothing is sent in character set ${charset}`);
}
