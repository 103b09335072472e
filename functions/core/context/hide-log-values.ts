import { lastNumber } from "../text/last-number.ts";
import { countedBefore, logWords, namingWords, unitsBehind } from "../text/log-vocabulary.ts";
import { knownPhrases } from "./known-phrases.ts";

export interface HideOptions {
  /** Names in quotes may stay: the server composed the text, and no RAISE did. */
  readonly names: boolean;
  /** All numbers may stay: no client has a part in the text. */
  readonly numbers: boolean;
  /** What stands as the servers' messages have it may stay: the whole text is one of theirs. */
  readonly phrases: boolean;
}

/** One of these at a time, from the left; what is quoted and never closed goes to the end. */
const token =
  /(?<path>(?:\.{0,2}\/)?(?:base|global|pg_wal|pg_tblspc|pg_xact|pg_multixact)(?:\/(?:\d+|[\dA-F]{4,40}|PG_\d+_\d+|pgsql_tmp[\d.]*))+|(?:\.\/)?[\w$#@-]{1,64}\/[\w$#@-]{1,64}\.(?:ibd|MYI|MYD|MAI|MAD|frm)\b)|(?<word>\p{L}+'[ts]\b|\p{L}[\p{L}\p{N}_$]*(?:\.conf\b)?)|(?<number>\d[\p{L}\p{N}_.]*)|(?<quoted>"[^"]*(?:"|$)|'[^']*(?:'|$)|`[^`]*(?:`|$)|[«„“][^»“”]*(?:[»“”]|$))|(?<other>[\s\S])/gu;

/** Tables by the day, as orders_20261129, have eight digits; any other run of so many is a number of somebody. */
const nameShape =
  /^(?!.{0,127}(?<!\d)(?!20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d))\d{8})(?![^@]{0,127}@.{0,127}\.)[\p{L}_#./<[][\p{L}\p{N}_$.#/=<>[\]-]{0,127}$/u;
/** Files of data, and temporary ones: https://www.postgresql.org/docs/current/storage-file-layout.html */
const fileShape =
  /^(?:\.{0,2}\/)?(?:base|global|pg_wal|pg_tblspc|pg_xact|pg_multixact)(?:\/(?:\d{1,10}(?:_\w{2,4})?(?:\.\d{1,6})?|[\dA-F]{4,40}|PG_\d{1,3}_\d{9}|pgsql_tmp[\w.]{0,60}|[io\d.pf]{1,40})){1,6}$|^(?:\/?[\w.-]{1,64}\/){0,6}(?:#sql[\w#-]{0,60}|MY[\w=]{1,20})(?:\.\w{2,4})?$/;
const addressShape = /^[\dA-Fa-f.:%]{1,45}$|^[\w.-]{1,255}$/;
const ownNames = /^(?:pg_[a-z_0-9.]{1,60}|pgsql_tmp[\d.]*|HA_ERR_[A-Z_]+|ER_[A-Z_]+|MY-\d{6}|ibtmp\d|tmp)$/;

/** What stands before a token, back to the words that say what it is. */
interface Place extends HideOptions {
  /** The last word, in small letters, and the one before it; "@" behind a user's name. */
  readonly word: string;
  readonly before: string;
  /** Between that word and the token. */
  readonly gap: string;
}

/**
 * A text of a log without values: the servers' own words stay, and what is surely a name of theirs; everything else, of
 * whatever language, is "?". Linear.
 */
export function hideValues(text: string, options: HideOptions): string {
  const parts: string[] = [];
  let place: Place = { ...options, word: "", before: "", gap: "" };
  const all = [...text.matchAll(token)];
  const known = options.phrases ? knownPhrases(all, isOwnWord) : new Set();
  for (const found of all) {
    const behind = text.slice(found.index + found[0].length, found.index + found[0].length + 16);
    parts.push(known.has(found) ? found[0] : shownPart(found, place, behind));
    place = { ...place, ...placeAfter(found, place) };
  }
  return parts.join("").replaceAll(/\?(?:[\s@.,:;/=$|+*&#%-]*\?)+/g, "?");
}

function shownPart({ 0: all, groups = {} }: RegExpExecArray, place: Place, behind: string): string {
  const { path, word, number, quoted } = groups;
  if (path !== undefined) return all;
  if (word !== undefined) return isOwnWord(word) ? word : "?";
  if (number !== undefined) return isCounted(number, place, behind) ? number : "?";
  if (quoted !== undefined) return isName(quoted, place) ? quoted : `${quoted[0]}?${quoted[0]}`;
  if (/\s/.test(all)) return " ";
  return /[ -~]/.test(all) ? all : "?";
}

function placeAfter(
  { 0: all, groups = {} }: RegExpExecArray,
  { word, before, gap }: Place,
): Pick<Place, "gap"> & Partial<Place> {
  if (groups["other"] !== undefined) return { gap: gap + all };
  if (groups["word"] !== undefined) return { before: word, word: groups["word"].toLowerCase(), gap: "" };
  // An account is 'user'@'host'.
  const account = groups["quoted"] !== undefined && isNaming(word, before);
  return { before: word, word: account ? "@" : "", gap: "" };
}

/** "the account 'shop'"; of an application's own words it has another word before it. */
function isNaming(word: string, before: string): boolean {
  return namingWords.has(word) && (word !== "account" || before === "the");
}

function isOwnWord(word: string): boolean {
  return logWords.has(word.toLowerCase()) || ownNames.test(word);
}

function isCounted(number: string, { word, before, numbers }: Place, behind: string): boolean {
  if (!/^\d{1,12}(?:\.\d{1,6})?\.?(?:ms|s|kB|MB|GB)?$/.test(number)) return false;
  const unit = /^\s?(%|\p{L}+)/u.exec(behind)?.[1]?.toLowerCase() ?? "";
  const numbered =
    (word === "number" && /^(?:chunk|page|error|sequence|segment)$/.test(before)) ||
    (word === "error" && before === "fatal") ||
    (word === "code" && /^(?:error|exit)$/.test(before)) ||
    (word === "took" && before === "cleaner") ||
    (word === "my" && before === "error_code");
  return numbers || numbered || countedBefore.has(word) || unit === "%" || unitsBehind.has(unit);
}

function isName(quoted: string, { word, before, gap, names }: Place): boolean {
  const [open = "", close = ""] = [quoted[0], quoted.at(-1)];
  const text = quoted.slice(1, -1);
  if (!names || quoted.length < 2 || !/["'`]/.test(close)) return false;
  if (open === "`") return nameShape.test(text);
  if (word === "entry") return lastNumber.test(text);
  if (word === "@") return gap === "@" && addressShape.test(text);
  if (gap !== " " && (word !== "database" || gap !== ": ")) return false;
  return word === "host"
    ? addressShape.test(text)
    : isNaming(word, before) && (nameShape.test(text) || fileShape.test(text));
}
